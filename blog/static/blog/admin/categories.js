// The tree of categories: typing narrows it, what is checked stands above it.
import { offerAdding } from "./category-adding.js";
import { focusChip, showChips } from "./chips.js";
import { fold, keepToItself } from "./folding.js";

// Shorter lists are seen whole: nothing is to be searched, nothing shown twice.
const MIN_TO_NARROW = 8;

const enhance = (choice) => {
  const list = choice.querySelector(".category-list");
  const chips = choice.querySelector(".chips");
  const narrow = choice.querySelector(".narrow");
  const search = narrow.querySelector("input");
  const none = choice.querySelector(".none-found");
  const lately = choice.querySelector(".used-lately");
  const isLong = list.querySelectorAll("input").length >= MIN_TO_NARROW;
  const rows = () => [...list.querySelectorAll("li[data-level]")];
  const boxes = () => rows().filter((row) => !row.hidden).map((row) => row.querySelector("input"));

  // What matches, and the way to it from the top.
  const filter = () => {
    const words = fold(search.value).split(" ");
    let found = 0;
    let ancestorsBelow = 0;
    for (const row of rows().reverse()) {
      const level = Number(row.dataset.level);
      const name = fold(row.textContent);
      const isMatch = words.every((word) => name.includes(word));
      const isOnTheWay = level < ancestorsBelow;
      if (isMatch || isOnTheWay) ancestorsBelow = level;
      row.hidden = !isMatch && !isOnTheWay;
      row.classList.toggle("is-way", !isMatch);
      found += isMatch;
    }
    if (lately) lately.hidden = !isLong || search.value.trim() !== "";
    none.hidden = found > 0 || rows().length === 0;
    if (none.hidden) return;
    none.textContent = gettext("No category of that name. ");
    if (adding) none.append(adding.button(search.value.trim()));
  };

  const show = () => {
    const checked = rows().filter((row) => row.querySelector("input").checked);
    const names = checked.map((row) => row.querySelector("span").textContent);
    if (isLong) {
      showChips(chips, names, (index) => {
        checked[index].querySelector("input").click();
        focusChip(chips, index, search);
      });
    }
    for (const button of lately?.querySelectorAll("button") ?? []) {
      const box = list.querySelector(`input[value="${button.value}"]`);
      button.setAttribute("aria-pressed", String(box.checked));
    }
  };

  const clear = () => {
    search.value = "";
    filter();
  };

  const adding = offerAdding(choice, rows, () => {
    clear();
    show();
  });

  keepToItself(narrow);
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    const open = boxes();
    if (event.key === "Enter") {
      event.preventDefault();
      const matches = open.filter((box) => !box.closest("li").classList.contains("is-way"));
      const wanted = fold(search.value);
      const same = matches.find((box) => fold(box.closest("li").textContent) === wanted);
      if (!wanted) return;
      if (same ?? matches[0]) (same ?? matches[0]).click();
      else adding?.open(search.value.trim());
      search.select();
    } else if (event.key === "ArrowDown" && open.length) {
      event.preventDefault();
      open[0].focus();
    } else if (event.key === "Escape" && search.value) {
      event.preventDefault();
      clear();
    }
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const open = boxes();
    const next = open.indexOf(event.target) + step;
    if (next < 0) search.focus();
    else open[next]?.focus();
  });
  lately?.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) list.querySelector(`input[value="${button.value}"]`).click();
  });
  // Also what others set, as when a draft is restored: they say so of the whole form.
  const form = choice.closest("form");
  for (const type of ["input", "change"]) {
    form.addEventListener(type, (event) => {
      if (event.target === form || list.contains(event.target)) show();
    });
  }
  narrow.hidden = !isLong;
  if (lately) lately.hidden = !isLong;
  show();
};

for (const choice of document.querySelectorAll(".category-choice")) enhance(choice);
