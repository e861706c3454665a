// Answering in the row itself; without JavaScript the link leads to a page.

const form = document.getElementById("changelist-form");
const template = document.getElementById("reply-box");

const send = async (link, text) => {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
  body.set("seen", form.elements.namedItem("seen").value);
  body.set("body", text);
  const response = await fetch(link.href, {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    redirect: "manual",
  });
  if (response.headers.get("Content-Type") !== "application/json") {
    throw new Error(gettext("You may not do that any more. Copy your text, open the page again and log in."));
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.sentence);
  return answer;
};

const makeBox = (row, link) => {
  const box = template.content.firstElementChild.cloneNode(true);
  const [text, error, button] = ["textarea", ".errornote", ".send"].map((part) => box.querySelector(part));
  button.textContent = link.textContent;
  const close = () => {
    box.hidden = true;
    row.focus();
  };
  const submit = async () => {
    error.hidden = true;
    button.disabled = true;
    try {
      const detail = await send(link, text.value);
      box.dispatchEvent(new CustomEvent("reply:sent", { bubbles: true, detail }));
      box.remove();
      if (!row.hidden) row.focus();
    } catch (failure) {
      const lost = failure instanceof TypeError;
      error.textContent = lost ? gettext("Your answer did not reach the blog. Try it again.") : failure.message;
      error.hidden = false;
      text.focus();
    } finally {
      button.disabled = false;
    }
  };
  button.addEventListener("click", submit);
  box.querySelector(".cancel").addEventListener("click", close);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
  });
  row.querySelector("td.said").append(box);
  return box;
};

form.addEventListener("click", (event) => {
  const link = event.target.closest("a.reply");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const row = link.closest("tr.row");
  const box = row.querySelector(".reply-box") ?? makeBox(row, link);
  box.hidden = false;
  box.querySelector("textarea").focus();
});
