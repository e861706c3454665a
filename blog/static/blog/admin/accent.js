// A colour of one's own and the theme's own: choosing one leaves the other.
for (const box of document.querySelectorAll(".accent-input")) {
  const colour = box.querySelector("[type=color]");
  const own = box.querySelector("[type=checkbox]");
  const showOwn = () => {
    const theme = document.querySelector("[name=theme]:checked")?.value;
    if (own.checked && own.dataset[theme]) colour.value = own.dataset[theme];
  };
  colour.addEventListener("input", () => (own.checked = false));
  own.addEventListener("change", showOwn);
  document.addEventListener("change", ({ target }) => target.name === "theme" && showOwn());
}
