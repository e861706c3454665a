// What stands in the toolbar, in which order, under which name and key.

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

// Groups in order; an item that is in none stands among what is inserted.
export const GROUPS = [
  ["Style", ["bold", "italic", "link", "code"]],
  ["Lists and quotes", ["bulletList", "orderedList", "blockquote"]],
  ["Insert", ["picture", "gallery", "table", "horizontalRule", "more"]],
  ["History", ["history:undo", "history:redo"]],
];
// Behind the last button, with their names written out.
export const REST = ["underline", "strike", "superscript", "subscript", "clear", "html"];
// Shown another way: in the list of kinds, or not at all.
export const ELSEWHERE = ["paragraph", "codeBlock", "orderedListProperties", "unlink"];

// By item: its name, its key, and an icon where the library's own is another's too.
const NAMES = {
  bold: ["Bold", "Mod-B"],
  italic: ["Italic", "Mod-I"],
  link: ["Link", "Mod-K"],
  code: ["Code in the line", "Mod-E"],
  bulletList: ["List", "Mod-Shift-8"],
  orderedList: ["Numbered list", "Mod-Shift-7"],
  blockquote: ["Quote", "Mod-Shift-B"],
  footnote: ["Footnote", "Mod-Alt-F"],
  picture: ["Pictures", ""],
  gallery: ["Gallery", ""],
  embed: ["Embed an address", ""],
  table: ["Table", ""],
  horizontalRule: ["Rule", ""],
  more: ["More mark: lists cut the post here", "Mod-Shift-Enter"],
  "history:undo": ["Undo", "Mod-Z"],
  "history:redo": ["Redo", "Mod-Shift-Z"],
  underline: ["Underlined", "Mod-U"],
  strike: ["Struck through", "Mod-Shift-S"],
  superscript: ["Raised", "Mod-."],
  subscript: ["Lowered", "Mod-,"],
  html: ["The text as HTML", ""],
};

const shown = (key) =>
  key
    .replace("Mod", isMac ? "⌘" : "Ctrl")
    .replace("Alt", isMac ? "⌥" : "Alt")
    .replace("Shift", isMac ? "⇧" : "Shift")
    .replaceAll("-", isMac ? "" : "+");

const spoken = (key) =>
  key.replace("Mod", isMac ? "Meta" : "Control").replaceAll("-", "+");

/** Gives the button of an item its name, its tooltip and its key. */
export function nameButton(item) {
  const { button, name } = item;
  const [label, key] = NAMES[name] ?? [item.label ?? button.title, item.keys ?? ""];
  button.dataset.name = name;
  button.setAttribute("aria-label", label);
  button.title = key ? `${label} (${shown(key)})` : label;
  if (key) button.setAttribute("aria-keyshortcuts", spoken(key));
  return label;
}
