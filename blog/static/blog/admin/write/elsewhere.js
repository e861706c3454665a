// How a search and a shared card may show it, while title and description are written.
import { form } from "./form.js";
import { firstWords, isLocked, whenChanged } from "./words.js";

const TITLE_SIGNS = 60;
const WORDS_SIGNS = 155;
// As blog/models/post_text.py has them.
const LEAD_WORDS = 55;
const MAX_SHARED_SIGNS = 300;
const part = document.querySelector(".elsewhere");

const oneLine = (text) => text.trim().split(/\s+/).join(" ");

export const cut = (text, limit) => {
  const signs = [...text];
  if (signs.length <= limit) return text;
  const begun = signs.slice(0, limit - 1).join("");
  const whole = begun.slice(0, Math.max(begun.lastIndexOf(" "), 0));
  return `${(whole.length > limit / 2 ? whole : begun).replace(/[ ,;:–—-]+$/, "")}…`;
};

const judged = (length, limit) => {
  if (length > limit) return gettext("Searches show about %(limit)s, and cut the rest.");
  if (length < limit / 3) return gettext("There is room for about %(limit)s.");
  return gettext("A good length.");
};

const meter = (field, limit) => {
  const length = [...field.value.trim()].length;
  if (!length) return ""; // what stands in its place is seen in the field
  const counted = ngettext("%(count)s character.", "%(count)s characters.", length);
  const before = interpolate(counted, { count: length }, true);
  return `${before} ${interpolate(judged(length, limit), { limit }, true)}`;
};

const meterBelow = (field) => {
  const line = document.createElement("p");
  line.className = "help meter";
  line.id = `${field.id}_meter`;
  field.closest(".field").append(line);
  const described = [field.getAttribute("aria-describedby"), line.id];
  field.setAttribute("aria-describedby", described.filter(Boolean).join(" "));
  return line;
};

const pictureOf = (name) => document.querySelector(`.field-${name} .media-input img`)?.src;

if (part && form?.elements.meta_title) {
  const { title, meta_title: ownTitle, meta_description: ownWords, excerpt } = form.elements;
  const image = part.querySelector("img");
  const meters = [meterBelow(ownTitle), meterBelow(ownWords)];
  const say = (name, words) => {
    for (const line of part.querySelectorAll(`.as-${name}`)) line.textContent = words;
  };

  const show = () => {
    const hasPassword = isLocked();
    const heading = title.value.trim() || (hasPassword ? "" : firstWords(8, "…")) || gettext("Untitled");
    const own = oneLine(ownWords.value);
    const summary = oneLine(excerpt?.value || "") || firstWords(LEAD_WORDS, " […]");
    const words = hasPassword ? "" : own || cut(summary, MAX_SHARED_SIGNS);
    const shownTitle = oneLine(ownTitle.value) || heading;
    const host = new URL(part.dataset.home).host;
    say("address", host);
    say("words", words);
    const [found, shared] = part.querySelectorAll(".as-title");
    found.textContent = cut(`${shownTitle} · ${part.dataset.site}`, TITLE_SIGNS + 10);
    shared.textContent = shownTitle;
    part.querySelector(".as-found .as-words").textContent = cut(words, WORDS_SIGNS);
    part.querySelector(".as-locked").hidden = !hasPassword;
    const hasFields = document.querySelector(".field-social_image .media-input");
    const picture = hasFields ? pictureOf("social_image") ?? pictureOf("featured_image") : part.dataset.picture;
    image.hidden = !picture || hasPassword;
    if (picture && image.getAttribute("src") !== picture) image.src = picture;
    meters[0].textContent = meter(ownTitle, TITLE_SIGNS);
    meters[1].textContent = meter(ownWords, WORDS_SIGNS);
    ownTitle.placeholder = heading;
    ownWords.placeholder = hasPassword ? "" : cut(summary, MAX_SHARED_SIGNS);
  };

  const names = ["title", "meta_title", "meta_description", "excerpt", "body", "password", "visibility", "social_image", "featured_image"];
  part.hidden = false;
  whenChanged((field) => names.includes(field.name), show);
}
