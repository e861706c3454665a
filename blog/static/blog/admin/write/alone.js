// Full screen: the text alone. Esc leads back, and the panel is as it was.
import { backToText } from "./text.js";

const enter = document.querySelector(".be-alone");
const leave = document.querySelector(".leave-alone");

export const isAlone = () => document.body.classList.contains("is-alone");

export const toggleAlone = () => {
  if (!enter) return;
  const wasAt = document.activeElement;
  const isNow = document.body.classList.toggle("is-alone");
  leave.hidden = !isNow;
  // Where one was is hidden with the panel; one comes back to where one went in.
  if (isNow && (wasAt === document.body || wasAt?.closest(".beside"))) backToText();
  if (!isNow && (wasAt === document.body || wasAt === leave)) enter.focus();
};

if (enter) {
  enter.hidden = false;
  enter.addEventListener("click", toggleAlone);
  leave.addEventListener("click", toggleAlone);
  // Before the editor, which has a use of its own for the key.
  const onKey = (event) => {
    if (event.key !== "Escape" || event.isComposing || !isAlone()) return;
    // A dialog or a menu that is open takes it for itself.
    if (document.querySelector("dialog[open], :popover-open")) return;
    event.preventDefault();
    event.stopPropagation();
    toggleAlone();
  };
  document.addEventListener("keydown", onKey, { capture: true });
}
