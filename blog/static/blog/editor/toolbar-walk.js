// A bar is one stop for Tab; arrow keys walk it, Escape leads back to the text.
const STOPS = "button, select, input";

export const walk = (bar, editor, label) => {
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", label);
  const stops = () =>
    [...bar.querySelectorAll(STOPS)].filter((stop) => stop.getClientRects().length);
  const reach = (stop) => {
    for (const other of bar.querySelectorAll(STOPS)) other.tabIndex = other === stop ? 0 : -1;
  };
  bar.addEventListener("focusin", (event) => event.target.matches(STOPS) && reach(event.target));
  bar.addEventListener("keydown", (event) => {
    const all = stops();
    const here = all.indexOf(event.target);
    if (event.target.matches("input") && event.key !== "Escape") return;
    const steps = { ArrowRight: here + 1, ArrowLeft: here - 1 + all.length };
    steps.Home = 0;
    steps.End = all.length - 1;
    if (event.key in steps) all[steps[event.key] % all.length].focus();
    else if (event.key === "Escape") {
      const sheet = event.target.closest(":popover-open");
      if (sheet) {
        sheet.hidePopover();
        sheet.previousElementSibling.focus();
      } else editor.view.focus();
    } else return;
    event.preventDefault();
  });
  if (bar.querySelector(STOPS)) reach(stops()[0] ?? bar.querySelector(STOPS));
};
