// How long the text is, at its foot. Counts as blog/reading_time.py does.
import { form } from "./form.js";
import { wholeText, whenChanged } from "./words.js";

const WORD = /[^\s\u2013\u2014\u2026]*[\p{L}\p{N}][^\s\u2013\u2014\u2026]*/gu;

// `ranges` are the scripts that put no spaces between words: of them each sign counts.
export const measure = (text, ranges) => {
  let signs = 0;
  const rest = text.replace(new RegExp(`[${ranges}]`, "gu"), () => {
    signs += 1;
    return " ";
  });
  return { words: (rest.match(WORD) ?? []).length, signs };
};

export const minutesOf = ({ words, signs }, rates) => {
  const exact = words / rates.words + signs / rates.signs;
  return words + signs ? Math.max(Math.floor(exact + 0.5), 1) : 0;
};

const counted = (number, noun) =>
  number ? `${number.toLocaleString("en-GB")} ${noun}${number === 1 ? "" : "s"}` : "";

export const inWords = (length, rates) => {
  const parts = [counted(length.words, "word"), counted(length.signs, "character")];
  const minutes = minutesOf(length, rates);
  if (!minutes) return "No words yet";
  return `${parts.filter(Boolean).join(" and ")}, ${counted(minutes, "minute")} to read`;
};

const line = document.querySelector(".lengths");

if (line && form?.elements.body) {
  const { wordsPerMinute, signsPerMinute, signRanges } = line.dataset;
  const rates = { words: Number(wordsPerMinute), signs: Number(signsPerMinute) };
  line.hidden = false;
  whenChanged(
    (field) => field === form.elements.body,
    () => {
      line.textContent = inWords(measure(wholeText(), signRanges), rates);
    },
  );
}
