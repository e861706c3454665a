// The text that is being written, as words without marks. The rules of markup.text_of.
import { form } from "./form.js";

const BLOCKS =
  /^<\/?\s*(address|article|aside|audio|blockquote|br|caption|center|dd|details|div|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|p|picture|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|video)(?![a-z0-9])/i;
const WAIT_MS = 500;
// More than enough for the first words of any text.
const BEGINNING_SIGNS = 8000;

export const textOf = (markup) => {
  const bare = markup
    .replace(/<!--[\s\S]*?-->/g, " ")
    .replace(/<[^<>]*>/g, (tag) => (BLOCKS.test(tag) ? " " : ""))
    .replaceAll("&nbsp;", " ");
  if (!bare.includes("&")) return bare;
  const reader = document.createElement("textarea");
  reader.innerHTML = bare.replaceAll("<", "&lt;");
  return reader.value;
};

// Whether readers will need a password: nobody else may be told its words then.
export const isLocked = () => {
  const { visibility, password } = form.elements;
  return visibility ? visibility.value === "password" : Boolean(password?.value);
};

export const wholeText = () => textOf(form.elements.body?.value ?? "");

export const firstWords = (limit, mark) => {
  const words = textOf((form.elements.body?.value ?? "").slice(0, BEGINNING_SIGNS)).trim().split(/\s+/);
  return words.slice(0, limit).join(" ") + (words.length > limit ? mark : "");
};

// Calls `act` now, and some time after each change of the form; only where `concerns`
// the field that changed.
export const whenChanged = (concerns, act) => {
  let timer = 0;
  const soon = (event) => {
    // What is restored is said of the whole form.
    if (event.target !== form && !concerns(event.target)) return;
    clearTimeout(timer);
    timer = setTimeout(act, WAIT_MS);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  act();
};
