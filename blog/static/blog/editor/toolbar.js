// The bar above the text: one stop for Tab a row, arrow keys within. Whoever teaches the
// editor something adds to it by `menu.defineItem`; below it stands what belongs to
// the place the cursor is in (groups: "context").
import { Menu as LibraryMenu, crel } from "django-prose-editor/editor";
import { kindChoice } from "./kinds.js";
import { ELSEWHERE, GROUPS, REST, nameButton } from "./toolbar-items.js";
import { walk } from "./toolbar-walk.js";

const CSS = "writing-bar";

const group = (label, children) =>
  crel("div", { className: `${CSS}__group`, role: "group", "aria-label": label }, children);

const isContext = (item) => item.groups.has("context") || item.groups.has("table");

const sorted = (items) => {
  const all = items("blockType nodes marks lists link table history utility insert context");
  const byName = new Map(all.map((item) => [item.name, item]));
  const named = new Set([...GROUPS.flatMap(([, names]) => names), ...REST, ...ELSEWHERE]);
  const others = all.filter(
    (item) => item.button && !named.has(item.name) && !item.groups.has("headings"),
  );
  return {
    pick: (names) => names.map((name) => byName.get(name)).filter((item) => item?.button),
    inserts: others.filter((item) => !isContext(item)),
    context: others.filter(isContext),
  };
};

const moreButton = (items) => {
  const sheet = crel("div", { className: `${CSS}__sheet` }, items.map((item) => item.button));
  for (const { button } of items) {
    button.append(crel("span", { textContent: button.title, "aria-hidden": "true" }));
    button.addEventListener("click", () => sheet.hidePopover());
  }
  sheet.popover = "auto";
  const button = crel("button", {
    type: "button",
    className: `${CSS}__button material-icons`,
    textContent: "more_horiz",
    title: gettext("More"),
    "aria-label": gettext("More"),
    "aria-haspopup": "true",
  });
  button.popoverTargetElement = sheet;
  sheet.addEventListener("toggle", () => {
    const at = button.getBoundingClientRect();
    sheet.style.top = `${at.bottom + 4}px`;
    sheet.style.left = `${Math.max(8, Math.min(at.left, innerWidth - sheet.offsetWidth - 8))}px`;
  });
  return [button, sheet];
};

const listen = (editor, items, row) => {
  let isDue = false;
  const refresh = () => {
    isDue = false;
    if (editor.isDestroyed) return;
    for (const item of items) {
      const isHidden = !!item.hidden(editor);
      item.button.hidden = isHidden;
      item.button.classList.toggle("hidden", isHidden);
      if (isHidden) continue;
      const isActive = !!item.active(editor);
      item.button.classList.toggle("active", isActive);
      if (item.button.localName === "button" && !isContext(item))
        item.button.setAttribute("aria-pressed", isActive);
      item.button.setAttribute("aria-disabled", !item.enabled(editor));
      item.update(editor);
    }
    row.hidden = ![...row.children].some((child) => !child.hidden);
    // Whoever stood on what is gone comes in again at the first.
    if (row.querySelector("[tabindex='0']")?.hidden !== false) {
      for (const child of row.children) child.tabIndex = -1;
      const first = [...row.children].find((child) => !child.hidden);
      if (first) first.tabIndex = 0;
    }
  };
  editor.on("transaction", () => {
    // Once a frame is enough, however much is typed.
    if (!isDue) requestAnimationFrame(refresh);
    isDue = true;
  });
};

const build = ({ editor, menu }) => {
  const { pick, inserts, context } = sorted((selector) => menu.items(selector));
  const kinds = kindChoice(editor);
  const groups = GROUPS.map(([label, names]) => {
    const items = pick(names);
    return [label, label === gettext("Insert") ? [...inserts, ...items] : items];
  });
  const rest = pick(REST);
  const items = [kinds, ...groups.flatMap(([, own]) => own), ...rest, ...context];
  for (const item of items) {
    if (item !== kinds && item.button.localName === "button") nameButton(item);
    if (item.command)
      item.button.addEventListener("click", (event) => {
        event.preventDefault();
        editor.view.focus();
        if (item.enabled(editor)) item.command(editor);
      });
  }
  const row = crel("div", { className: `${CSS}__context` }, context.map((item) => item.button));
  const main = crel("div", { className: `${CSS}__main` }, [
    group(gettext("Kind of paragraph"), [kinds.button]),
    ...groups.filter(([, own]) => own.length).map(([label, own]) =>
      group(label, own.map((item) => item.button)),
    ),
    group(gettext("More"), moreButton(rest)),
  ]);
  queueMicrotask(() => {
    walk(main, editor, gettext("Format the text"));
    walk(row, editor, gettext("At the cursor"));
    listen(editor, items, row);
    editor.view.dispatch(editor.state.tr);
  });
  return [main, row];
};

export const Menu = LibraryMenu.extend({
  addOptions() {
    return { ...this.parent?.(), cssClass: CSS, items: build };
  },

  addKeyboardShortcuts() {
    const bar = () => this.editor.storage.menu.dom;
    return {
      "Alt-F10": () => bar()?.querySelector("[tabindex='0']")?.focus() ?? true,
    };
  },
});
