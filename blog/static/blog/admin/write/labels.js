// The button says what it will do, for the date that stands in the field.
import { date, form } from "./form.js";

const publish = form?.querySelector("button[name=_publish]");
const save = form?.querySelector("button[name=_save]");
const wasScheduled = save?.hasAttribute("data-scheduled");
// The date is one of the blog's clock, wherever this browser stands.
const ahead = date ? new Date(date.dataset.now) - Date.now() || 0 : 0;
const before = date?.value;

// As write_buttons.py says it.
const inWords = (at) => {
  const isThisYear = at.getFullYear() === new Date(Date.now() + ahead).getFullYear();
  const day = at.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return `${day}, ${time}`;
};

const label = () => {
  const at = new Date(date.value);
  const isToCome = date.value && at > Date.now() + ahead;
  if (publish) publish.textContent = isToCome ? `Schedule for ${inWords(at)}` : "Publish";
  if (!save || !wasScheduled) return;
  const isPrivate = form.elements.is_private?.checked;
  if (isPrivate || date.value === before) save.textContent = "Update";
  else save.textContent = isToCome ? `Reschedule for ${inWords(at)}` : "Publish now";
};

if (date) {
  form.addEventListener("input", label);
  label();
}
