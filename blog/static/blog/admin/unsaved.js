// Nothing that was written is lost unasked: leaving asks, and what was typed is
// kept on this computer until it is saved.
"use strict";

const writing = document.querySelector(".write #content-main > form");
const offer = writing?.querySelector(".unsaved");

if (offer) {
  const title = writing.elements.title;
  const body = writing.elements.body;
  const readAt = writing.elements.read_at;
  const isHtml = body.classList.contains("body-html");
  const key = `quillback:${offer.dataset.user}:${location.pathname}`;
  const sentKey = "quillback:sent";
  // A form that came back with faults holds what is stored nowhere.
  let isDirty = Boolean(writing.querySelector(".errornote"));
  let leftAt = 0;
  let timer = 0;
  let editor = null;

  document.addEventListener("prose-editor:ready", (event) => {
    if (event.detail.textarea === body) editor = event.detail.editor;
  });

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };

  const keep = () => {
    const text = { title: title.value, body: body.value };
    const about = { isHtml, readAt: readAt?.value, at: Date.now() };
    try {
      localStorage.setItem(key, JSON.stringify({ ...text, ...about }));
    } catch {
      // It is full or forbidden: leaving still asks.
    }
  };

  const put = (draft) => {
    title.value = draft.title;
    body.value = draft.body;
    editor?.commands.setContent(draft.body);
    // Older than what others saved since? Then saving says so.
    if (readAt && draft.readAt) readAt.value = draft.readAt;
    writing.dispatchEvent(new Event("input"));
  };

  const button = (label, act) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = label;
    element.addEventListener("click", () => {
      offer.hidden = true;
      act();
    });
    return element;
  };

  const show = (draft) => {
    const at = new Date(draft.at);
    const isToday = at.toDateString() === new Date().toDateString();
    const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "long" });
    const when = isToday ? time : `${day}, ${time}`;
    const forget = button("Forget it", () => localStorage.removeItem(key));
    const restore = button("Restore it", () => {
      // The editor would drop what was written as HTML.
      if (draft.isHtml && !isHtml) location.assign("?html=1");
      else put(draft);
    });
    offer.append(`Unsaved text from ${when} is on this computer. `, restore, " ", forget);
    offer.hidden = false;
  };

  const sent = sessionStorage.getItem(sentKey);
  sessionStorage.removeItem(sentKey);
  if (sent && document.querySelector(".messagelist .success")) localStorage.removeItem(sent);
  const draft = read();
  if (draft && (draft.title !== title.value || draft.body !== body.value)) show(draft);

  writing.addEventListener("input", () => {
    isDirty = true;
    // What waits for an answer is not written over.
    clearTimeout(timer);
    if (offer.hidden) timer = setTimeout(keep, 400);
  });
  writing.addEventListener("submit", (event) => {
    // A second click while the first is under way would say "saved meanwhile".
    if (Date.now() - leftAt < 2000) {
      event.preventDefault();
      return;
    }
    leftAt = Date.now();
    const isSaving = !event.submitter?.hasAttribute("formaction");
    if (isDirty && offer.hidden) keep();
    if (isSaving && offer.hidden) sessionStorage.setItem(sentKey, key);
  });
  window.addEventListener("pageshow", () => {
    leftAt = 0;
  });
  window.addEventListener("beforeunload", (event) => {
    clearTimeout(timer);
    if (isDirty && Date.now() - leftAt > 2000) {
      if (offer.hidden) keep();
      event.preventDefault();
    }
  });
}
