// What is chosen, as words in a row, each with a button that takes it out.

// Fills `list` with `names`; `remove(index)` is called for the one that is pressed.
export const showChips = (list, names, remove) => {
  list.replaceChildren(
    ...names.map((name, index) => {
      const item = document.createElement("li");
      const word = document.createElement("span");
      word.textContent = name;
      word.dir = "auto";
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "×";
      button.setAttribute("aria-label", interpolate(gettext("Remove %(name)s"), { name }, true));
      button.addEventListener("click", () => remove(index));
      item.append(word, button);
      return item;
    }),
  );
  list.hidden = names.length === 0;
};

// After one was taken out: the next button, or the one before, or `otherwise`.
export const focusChip = (list, index, otherwise) => {
  const buttons = list.querySelectorAll("button");
  (buttons[Math.min(index, buttons.length - 1)] ?? otherwise)?.focus();
};
