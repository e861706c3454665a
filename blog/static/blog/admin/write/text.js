// Title and text: one writes the first, and goes on to the second with Enter.
import { form } from "./form.js";

const title = form?.elements.title;
let editor = null;

document.addEventListener("prose-editor:ready", (event) => {
  if (event.detail.textarea !== form?.elements.body) return;
  editor = event.detail.editor;
  editor.view.dom.setAttribute("aria-label", gettext("Text"));
  // As on the page readers see.
  editor.view.dom.dir = "auto";
});

const toText = (position) => {
  if (!editor) {
    form.elements.body.focus();
    return;
  }
  // The command waits for the next frame: what is typed until then would go astray.
  editor.view.focus();
  editor.commands.focus(position);
};

export const goToText = () => toText("start");

/** Where one was in the text. */
export const backToText = () => toText(null);

// Browsers that cannot let a field grow by themselves.
const grow = () => {
  title.style.height = "auto";
  title.style.height = `${title.scrollHeight}px`;
};

if (title?.tagName === "TEXTAREA") {
  title.addEventListener("keydown", (event) => {
    // Enter also ends a word that an input method offers.
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    goToText();
  });
  if (!CSS.supports("field-sizing", "content")) {
    title.addEventListener("input", grow);
    grow();
  }
  const isNew = !form.elements.read_at;
  if (isNew && !title.value && !form.querySelector(".errornote")) title.focus();
}
