// The page as it will look, beside the text: rendered by the blog from the form as it
// stands, stored nowhere, and shown in a frame that can neither run nor send anything.
const REST_MS = 700;
const LOST = gettext("This did not reach the blog. The preview is as it was.");
const REFUSED = gettext("You may not change this any more. What you wrote stays in the form.");

const beside = document.querySelector(".preview-beside");
const writing = document.querySelector(".write #content-main > form[id]");
const opener = document.querySelector(".preview-opener");

const watch = () => {
  const frame = beside.querySelector("iframe");
  const said = beside.querySelector(".preview-beside-said");
  let timer = 0;
  let underWay = null;
  let shown = "";

  const show = (page) => {
    if (page === shown) return;
    shown = page;
    // Where the reader of the preview was, they stay.
    const at = frame.contentWindow?.scrollY ?? 0;
    frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, at), { once: true });
    frame.srcdoc = page;
  };

  const refresh = async () => {
    clearTimeout(timer);
    underWay?.abort();
    const own = (underWay = new AbortController());
    try {
      const response = await fetch(beside.dataset.address, {
        method: "POST", body: new FormData(writing), redirect: "manual", signal: own.signal,
      });
      const page = response.ok ? await response.text() : "";
      said.textContent = response.ok ? "" : REFUSED;
      if (page) show(page);
    } catch {
      if (!own.signal.aborted) said.textContent = LOST;
    }
  };

  const open = () => {
    beside.hidden = false;
    document.body.classList.add("has-preview");
    opener.setAttribute("aria-expanded", "true");
    refresh();
  };

  const close = () => {
    beside.hidden = true;
    document.body.classList.remove("has-preview");
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  };

  const inTab = () => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = beside.dataset.address;
    form.target = "_blank";
    form.rel = "noopener";
    for (const [name, value] of new FormData(writing)) {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = value;
      form.append(field);
    }
    form.hidden = true;
    document.body.append(form);
    form.submit();
    form.remove();
  };

  const setWidth = (button) => {
    for (const other of beside.querySelectorAll("[data-width]"))
      other.setAttribute("aria-pressed", String(other === button));
    const width = button.dataset.width;
    frame.style.inlineSize = width ? `${width}px` : "";
  };

  opener.hidden = false;
  opener.addEventListener("click", () => (beside.hidden ? open() : close()));
  beside.addEventListener("click", (event) => {
    const { verb, width } = event.target.dataset;
    if (verb === "tab") inTab();
    if (verb === "close") close();
    if (width !== undefined) setWidth(event.target);
  });
  beside.addEventListener("keydown", (event) => event.key === "Escape" && close());
  document.addEventListener("keydown", (event) => {
    const isOurs = (event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === "p";
    if (!isOurs) return;
    event.preventDefault();
    if (beside.hidden) open();
    else close();
  });
  for (const type of ["input", "change"])
    writing.addEventListener(type, () => {
      clearTimeout(timer);
      if (!beside.hidden) timer = setTimeout(refresh, REST_MS);
    });
};

if (beside && writing && opener) watch();
