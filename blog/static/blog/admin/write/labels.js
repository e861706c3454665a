// The button says what it will do, for the date and the readers that were chosen.
import { locale } from "../locale.js";
import { date, form } from "./form.js";

const publish = form?.querySelector("button[name=_publish]");
const save = form?.querySelector("button[name=_save]");
const wasScheduled = save?.hasAttribute("data-scheduled");
const before = date?.value;
const wasPrivate = Boolean(form?.querySelector("[name=visibility][value=private][checked]"));
// "Update", or what else the page came with.
const asIs = save?.textContent;
const isOut = Boolean(form?.querySelector("button[name=_keep]"));
// The date is one of the blog's clock, wherever this browser stands.
const ahead = date ? new Date(date.dataset.now) - Date.now() || 0 : 0;
const now = () => Date.now() + ahead;

// As write_buttons.py says it.
const inWords = (at) => {
  const isThisYear = at.getFullYear() === new Date(now()).getFullYear();
  const day = at.toLocaleDateString(locale, {
    day: "numeric",
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
  const time = at.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  return { day, time };
};

const scheduled = (later) => interpolate(gettext("Schedule for %(day)s, %(time)s"), later, true);

const saving = (isPrivate, later) => {
  if (!isOut) return asIs;
  if (isPrivate) return wasPrivate ? asIs : gettext("Make it private");
  if (wasPrivate) return later ? scheduled(later) : gettext("Publish");
  if (date.value === before) return asIs;
  if (later && wasScheduled) {
    return interpolate(gettext("Reschedule for %(day)s, %(time)s"), later, true);
  }
  if (later) return scheduled(later);
  return wasScheduled ? gettext("Publish now") : asIs;
};

const label = () => {
  const at = new Date(date.value);
  const later = date.value && at > now() ? inWords(at) : null;
  const isPrivate = form.elements.visibility?.value === "private";
  if (publish && isPrivate) publish.textContent = gettext("Publish privately");
  else if (publish) publish.textContent = later ? scheduled(later) : gettext("Publish");
  if (save) save.textContent = saving(isPrivate, later);
};

if (date) {
  form.addEventListener("input", label);
  label();
}
