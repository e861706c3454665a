// Keys of the whole page, and the list of all there are: whatever on the page says
// its key (`aria-keyshortcuts`) is in the list under its own name.
import { toggleAlone } from "./alone.js";
import { form } from "./form.js";

const dialog = document.querySelector(".write-keys");
const opener = document.querySelector(".show-keys");
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

// The button that stores the page and leaves it in its state, if it has one.
const saving = () =>
  form.querySelector("button[name=_save]") ??
  form.querySelector("button[name=_draft]:not(.default)");

const save = () => {
  const button = saving();
  if (button) form.requestSubmit(button);
};

const inSigns = (keys) =>
  keys
    .split(" ")[0]
    .replace(/Control|Meta|Mod/, isMac ? "⌘" : gettext("Ctrl"))
    .replace("Alt", isMac ? "⌥" : "Alt")
    .replace("Shift", isMac ? "⇧" : "Shift")
    .replaceAll("+", isMac ? "" : "+");

const rows = () => {
  const button = saving();
  const own = button ? [[button.textContent.trim(), "Control+S"]] : [];
  const title = form.elements.title ? [[gettext("From the title to the text"), "Enter"]] : [];
  const all = [...document.querySelectorAll("[aria-keyshortcuts]")];
  const named = all.filter((element) => element !== opener).map((element) => [
    element.getAttribute("aria-label") ?? element.textContent.trim(),
    element.getAttribute("aria-keyshortcuts"),
  ]);
  return [...own, ...title, ...named, [gettext("This list"), "Control+/"]];
};

const row = ([label, keys]) => {
  const line = document.createElement("div");
  const what = document.createElement("dt");
  const which = document.createElement("dd");
  const key = document.createElement("kbd");
  what.textContent = label;
  key.textContent = inSigns(keys);
  which.append(key);
  line.append(what, which);
  return line;
};

const list = () => {
  if (dialog.open) {
    dialog.close();
    return;
  }
  dialog.querySelector("dl").replaceChildren(...rows().map(row));
  dialog.showModal();
};

const KEYS = { s: save, "/": list, "shift f": toggleAlone };

if (form && dialog) {
  opener.hidden = false;
  opener.addEventListener("click", list);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
    const key = event.key.toLowerCase();
    // On many keyboards the stroke itself is typed with Shift.
    const act = KEYS[key === "/" ? key : `${event.shiftKey ? "shift " : ""}${key}`];
    if (!act || (dialog.open && act !== list)) return;
    event.preventDefault();
    act();
  });
}
