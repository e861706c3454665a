// How long the text is, at its foot. Counts as blog/reading_time.py does.
import { locale } from "../locale.js";
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

const counted = (number, words) =>
  number ? interpolate(words, { count: number.toLocaleString(locale) }, true) : "";

export const inWords = (length, rates) => {
  const { words: wordCount, signs: signCount } = length;
  const words = counted(wordCount, ngettext("%(count)s word", "%(count)s words", wordCount));
  const signs = counted(signCount, ngettext("%(count)s character", "%(count)s characters", signCount));
  const minutes = minutesOf(length, rates);
  if (!minutes) return gettext("No words yet");
  const time = counted(minutes, ngettext("%(count)s minute", "%(count)s minutes", minutes));
  const sentence = words && signs
    ? gettext("%(words)s and %(signs)s, %(time)s to read")
    : gettext("%(length)s, %(time)s to read");
  return interpolate(sentence, { words, signs, length: words || signs, time }, true);
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
