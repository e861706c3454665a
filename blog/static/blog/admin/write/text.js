// Title and text: one writes the first, and goes on to the second with Enter.
import { form } from "./form.js";

const title = form?.elements.title;

const toText = (position) => {
  const { body } = form.elements;
  const editor = body.closest(".prose-editor")?.querySelector(".ProseMirror").editor;
  if (editor) editor.commands.focus(position);
  else body.focus();
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
