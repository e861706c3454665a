// The date of publication: now, by the clock of the blog, or none.
import { date } from "./form.js";

const twoDigits = (number) => String(number).padStart(2, "0");

const written = (at) => {
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(twoDigits).join("-");
  return `${day}T${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
};

if (date?.dataset.now) {
  const ahead = new Date(date.dataset.now) - Date.now() || 0;
  const verbs = document.createElement("p");
  verbs.className = "small-verbs";
  const set = (value) => {
    date.value = value;
    date.dispatchEvent(new Event("input", { bubbles: true }));
    date.dispatchEvent(new Event("change", { bubbles: true }));
    date.focus();
  };
  const button = (label, act) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = label;
    element.addEventListener("click", act);
    return element;
  };
  const clear = button(gettext("Clear"), () => set(""));
  clear.setAttribute("aria-label", gettext("Clear the date"));
  verbs.append(button(gettext("Now"), () => set(written(new Date(Date.now() + ahead)))), " ", clear);
  date.after(verbs);
}
