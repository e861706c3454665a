// The reply form, where there is JavaScript: it moves under the comment that is
// answered and takes what is marked there as a quote. What writing needs besides is
// loaded when somebody begins to write.

const form = document.querySelector("form.respond[data-post]");
const section = document.querySelector(".conversation");
const wasTaken = new URLSearchParams(location.search).has("own");

const hasKeys = matchMedia("(hover: hover)").matches;

// A browser may keep nothing, or have kept something else.
const recall = (key, otherwise, store = "localStorage") => {
  try {
    return JSON.parse(window[store].getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
};
const keep = (key, value, store = "localStorage") => {
  try {
    if (value === undefined) window[store].removeItem(key);
    else window[store].setItem(key, JSON.stringify(value));
  } catch {
    // It is full, or closed: what is typed stays in the page.
  }
};

const keys = () => {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
};

const enhance = () => {
  const heading = form.querySelector("h3");
  const cancel = form.querySelector(".respond-cancel");
  const status = form.querySelector(".respond-status");
  const quoteButton = form.querySelector(".respond-quote");
  const parent = form.elements.namedItem("parent");
  const body = form.elements.namedItem("body");
  let marked = { text: "" };
  let cameFrom = null;

  // In the page's language; `%s` in it is `part`.
  const words = JSON.parse(form.dataset.words ?? "{}");
  const told = (sentence, part) => (words[sentence] ?? sentence).replace("%s", part);
  const say = (sentence, part) => (status.textContent = told(sentence, part));
  const load = (name) =>
    import(form.dataset[`${name}Js`]).then((module) => module.default(form, kit));
  const kit = { load, recall, keep, keys, say, told, wasTaken, place };

  function place(link) {
    const from = parent.value;
    parent.value = link?.dataset.key ?? "";
    parent.disabled = !link;
    heading.textContent = link?.dataset.words ?? heading.dataset.plain;
    cancel.hidden = !link;
    (link?.closest(".response") ?? section).append(form);
    cameFrom = link;
    form.dispatchEvent(new CustomEvent("moved", { detail: { from } }));
  }

  const quote = () => {
    const lines = marked.text.split("\n").map((line) => `> ${line}`.trimEnd());
    const before = body.value && !body.value.endsWith("\n") ? "\n\n" : "";
    body.setRangeText(`${before}${lines.join("\n")}\n\n`, body.value.length, body.value.length, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
    marked = { text: "" };
    quoteButton.parentElement.hidden = quoteButton.hidden = true;
    body.focus();
  };

  const goBack = () => {
    const link = cameFrom;
    place(null);
    say("The form is below all comments again; what you typed is still in it.");
    if (link) link.focus();
    else body.focus();
  };

  section.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest("a");
    if (link?.matches(".reply-link")) {
      event.preventDefault();
      place(link);
      if (hasKeys) say("Escape puts the form back below all comments.");
      if (marked.text && link.closest(".response") === marked.within) quote();
      body.focus();
    } else if (link && cancel.contains(link)) {
      event.preventDefault();
      goBack();
    }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && parent.value) goBack();
  });

  // A press on the form takes the mark away, so it is remembered.
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const text = selection.toString().trim();
    const at = selection.anchorNode?.parentElement;
    if (!text || !at?.closest(".conversation .prose, .entry .prose")) return;
    marked = { text, within: at.closest(".response") };
    quoteButton.parentElement.hidden = quoteButton.hidden = false;
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest("form.respond, .reply-link")) return;
    marked = { text: "" };
    quoteButton.parentElement.hidden = quoteButton.hidden = true;
  });
  quoteButton.addEventListener("click", quote);

  // Where something came back, it is shown to who cannot see it.
  const wrong =
    form.querySelector("[aria-invalid]") ?? form.querySelector(".form-errors, .shown");
  if ("returned" in form.dataset) {
    // The browser goes to the address's anchor first, and takes the focus along.
    addEventListener("load", () => setTimeout(() => wrong?.focus()));
  }

  // Who is quicker than what is loaded waits for it; where it does not come, the form
  // is sent as it would be without.
  let writing = null;
  const prepare = () => {
    writing ??= load("writing")
      .catch(() => null)
      .finally(() => (writing = false));
  };
  form.addEventListener(
    "submit",
    (event) => {
      const { submitter } = event;
      if (!writing || submitter?.name === "preview") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      writing.then(() => form.requestSubmit(submitter));
      say("Sending …");
    },
    { capture: true },
  );
  const isKnown = keys().some((key) => key === "commenter" || key.startsWith("draft "));
  if (isKnown || "returned" in form.dataset) prepare();
  else form.addEventListener("focusin", prepare, { once: true });
};

if (form && section) enhance();
