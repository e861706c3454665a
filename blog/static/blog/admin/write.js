// The buttons say what they will do, and nothing leaves the page unasked.
"use strict";

const page = document.querySelector(".write #content-main > form");
const date = document.querySelector("input[name=published_at]");

// --- "Publish" is "Schedule" for a date to come, by the clock of the blog.

if (date) {
  const ahead = new Date(date.dataset.now) - Date.now() || 0;
  const publish = document.querySelector("input[name=_publish]");
  const update = document.querySelector("input[name=_save][data-scheduled]");
  const secret = document.querySelector("input[name=is_private]");
  const before = date.value;
  const label = () => {
    const is_to_come = date.value && new Date(date.value) > Date.now() + ahead;
    if (publish) publish.value = is_to_come ? "Schedule" : "Publish";
    if (!update) return;
    if (secret?.checked || date.value === before) update.value = "Update";
    else update.value = is_to_come ? "Reschedule" : "Publish now";
  };
  page.addEventListener("input", label);
  label();
}

// --- The editor's text box has a name.

document.addEventListener("prose-editor:ready", (event) => {
  event.detail.editor.view.dom.setAttribute("aria-label", "Text");
});
