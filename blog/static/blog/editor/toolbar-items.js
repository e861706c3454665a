// What stands in the toolbar, in which order, under which name and key.

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

// Groups in order; an item that is in none stands among what is inserted.
export const GROUPS = [
  [gettext("Style"), ["bold", "italic", "link", "code"]],
  [gettext("Lists and quotes"), ["bulletList", "orderedList", "blockquote"]],
  [gettext("Insert"), ["picture", "gallery", "table", "horizontalRule", "more"]],
  [gettext("History"), ["history:undo", "history:redo"]],
];
// Behind the last button, with their names written out.
export const REST = ["underline", "strike", "superscript", "subscript", "clear", "html"];
// Shown another way: in the list of kinds, or not at all.
export const ELSEWHERE = ["paragraph", "codeBlock", "orderedListProperties", "unlink"];

// By item: its name, its key, and an icon where the library's own is another's too.
const NAMES = {
  bold: [gettext("Bold"), "Mod-B"],
  italic: [gettext("Italic"), "Mod-I"],
  link: [gettext("Link"), "Mod-K"],
  code: [gettext("Code in the line"), "Mod-E"],
  bulletList: [gettext("List"), "Mod-Shift-8"],
  orderedList: [gettext("Numbered list"), "Mod-Shift-7"],
  blockquote: [gettext("Quote"), "Mod-Shift-B"],
  footnote: [gettext("Footnote"), "Mod-Alt-F"],
  picture: [gettext("Pictures"), ""],
  gallery: [gettext("Gallery"), ""],
  embed: [gettext("Embed an address"), ""],
  table: [gettext("Table"), ""],
  horizontalRule: [gettext("Rule"), ""],
  more: [gettext("More mark: lists cut the post here"), "Mod-Shift-Enter"],
  "history:undo": [gettext("Undo"), "Mod-Z"],
  "history:redo": [gettext("Redo"), "Mod-Shift-Z"],
  underline: [gettext("Underlined"), "Mod-U"],
  strike: [gettext("Struck through"), "Mod-Shift-S"],
  superscript: [gettext("Raised"), "Mod-."],
  subscript: [gettext("Lowered"), "Mod-,"],
  html: [gettext("The text as HTML"), ""],
};

const shown = (key) =>
  key
    .replace("Mod", isMac ? "⌘" : gettext("Ctrl"))
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
