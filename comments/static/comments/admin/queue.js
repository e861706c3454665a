// Moderating by keyboard: one row is chosen, and a key presses its button.

const form = document.getElementById("changelist-form");
const told = form.querySelector(".told");
const search = document.getElementById("searchbar");
const keys = form.querySelector("dialog.keys");
const showKeys = document.querySelector(".show-keys");
const more = form.querySelector(".more");
let current = null;

const open = () => [...form.querySelectorAll("tr.row:not([hidden])")];

const choose = (row) => {
  current?.classList.remove("is-current");
  current = row ?? null;
  if (!current) return;
  current.classList.add("is-current");
  current.focus({ preventScroll: true });
  current.scrollIntoView({ block: "nearest" });
};

const step = (by) => {
  const rows = open();
  const place = rows.indexOf(current);
  choose(rows[place < 0 ? 0 : Math.min(Math.max(place + by, 0), rows.length - 1)]);
};

const press = (selector, without) => {
  const found = current.querySelector(selector);
  if (found) found.click();
  else if (without) {
    told.className = "told";
    told.textContent = without;
  }
};

const toggle = (selector) => {
  const details = current.querySelector(selector);
  if (!details) return;
  details.open = !details.open;
  (details.open ? details.querySelector("a[href]") : current)?.focus();
};

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  u: () => form.querySelector("button.undo-latest").click(),
  "/": () => search.focus(),
  "?": () => keys.showModal(),
};

const ROW_KEYS = {
  a: () => press("[data-verb=approve]", gettext("That is approved already.")),
  s: () => press("[data-verb=spam]", gettext("That is spam already.")),
  t: () => press("[data-verb=trash]", gettext("That is in the trash already.")),
  h: () => press("[data-verb=hold]", gettext("That can be held again once it is spam or in the trash.")),
  r: () => press("a.reply", gettext("Nobody reads answers to a ping.")),
  e: () => press("a.edit"),
  x: () => press(".action-select"),
  o: () => toggle("details.whole"),
  b: () => toggle("details.rules"),
};

const isTyping = (target) =>
  target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=submit])");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || isTyping(event.target)) return;
  if (keys.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    const menu = event.target.closest("details.rules");
    if (menu) {
      menu.open = false;
      choose(menu.closest("tr.row"));
    }
    return;
  }
  const act = KEYS[event.key] ?? ROW_KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  // The first key only shows which row the next one is for.
  if (act === ROW_KEYS[event.key] && !current) step(0);
  else act();
});

// A click into a row makes it the one the keys are for.
form.addEventListener("focusin", (event) => {
  const row = event.target.closest("tr.row");
  if (!row || row === current) return;
  current?.classList.remove("is-current");
  current = row;
  row.classList.add("is-current");
});

form.addEventListener("row:gone", (event) => {
  const rows = open();
  const isAfter = (row) => event.target.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING;
  const next = rows.find(isAfter) ?? rows.at(-1);
  if (event.target === current || !current) choose(next);
  if (!next) {
    more.hidden = false;
    more.querySelector("a").focus();
  }
});

form.addEventListener("row:back", (event) => {
  more.hidden = true;
  choose(event.target);
});

// Without this script there are no keys to tell of.
showKeys.hidden = false;
showKeys.addEventListener("click", () => keys.showModal());
keys.querySelector(".close").addEventListener("click", () => keys.close());

// Choosing shows at once; the button is for browsers without this.
document.querySelector("form.narrow").addEventListener("change", (event) => {
  if (event.target !== search) event.currentTarget.requestSubmit();
});
// One menu at a time, and none once something else is pressed.
const closeMenus = (but) => {
  for (const menu of form.querySelectorAll("details.rules[open]")) if (menu !== but) menu.open = false;
};
form.addEventListener("toggle", (event) => {
  if (event.target.matches("details.rules[open]")) closeMenus(event.target);
}, true);
document.addEventListener("pointerdown", (event) => closeMenus(event.target.closest("details.rules")));
