// A form that is only looked at: it can be read and marked, and nothing typed in it.

const frozen = new Map();

const isText = (element) =>
  element.matches("textarea, input:not([type=checkbox], [type=radio], [type=submit], [type=button])");

const freezeEditors = (form, isFrozen) => {
  for (const bar of form.querySelectorAll(".writing-bar, .link-bar")) bar.inert = isFrozen;
  for (const text of form.querySelectorAll(".ProseMirror")) text.editor?.setEditable(!isFrozen);
  // With nothing in it to go to, a long list is scrolled by keys itself.
  for (const list of form.querySelectorAll(".category-list")) {
    if (isFrozen) list.tabIndex = 0;
    else list.removeAttribute("tabindex");
  }
};

export const freeze = (form, isFrozen) => {
  if (isFrozen === frozen.size > 0) return;
  for (const element of isFrozen ? form.elements : []) {
    const name = isText(element) ? "readOnly" : "disabled";
    if (element.type === "hidden" || element[name] !== false) continue;
    frozen.set(element, name);
    element[name] = true;
  }
  if (!isFrozen) {
    for (const [element, name] of frozen) element[name] = false;
    frozen.clear();
  }
  freezeEditors(form, isFrozen);
};

// The editor may come later than the answer.
document.addEventListener("prose-editor:ready", (event) => {
  if (frozen.size) freezeEditors(event.target.form, true);
});
