// One quiet line on what is kept where. Read aloud is only what changes the situation.

import { locale } from "../locale.js";

const HERE_NOT =
  gettext("This computer keeps nothing: the browser’s storage is full or forbidden");
const NOWHERE = gettext("Nothing keeps your text now. Save it, or copy it before you leave.");

export const timeOf = (at) =>
  new Date(at).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });

// "14:02", or "3 December, 14:02" where that was not today.
export const momentOf = (at) => {
  const date = new Date(at);
  if (date.toDateString() === new Date().toDateString()) return timeOf(at);
  return `${date.toLocaleDateString(locale, { day: "numeric", month: "long" })}, ${timeOf(at)}`;
};

export class Status {
  constructor(line, voice) {
    this.line = line;
    this.voice = voice;
    this.here = 0;
    this.isHereRefused = false;
    this.server = 0;
    this.trouble = "";
  }

  keptHere(isKept) {
    this.isHereRefused = !isKept;
    if (isKept) this.here = Date.now();
    this.show();
  }

  keptThere(at) {
    this.server = at;
    this.trouble = "";
    this.show();
  }

  troubled(sentence) {
    this.trouble = sentence;
    this.show();
  }

  show() {
    const parts = [];
    if (this.isHereRefused) parts.push(HERE_NOT);
    else if (this.here) parts.push(interpolate(gettext("Saved on this computer, %(time)s"), { time: timeOf(this.here) }, true));
    if (this.server && !this.trouble) parts.push(interpolate(gettext("on the server, %(time)s"), { time: timeOf(this.server) }, true));
    const isNowhere = this.isHereRefused && this.trouble;
    const said = isNowhere ? NOWHERE : this.trouble;
    this.write(this.line, said ? [parts.join(" · "), said].filter(Boolean).join(". ") : parts.join(" · "));
    this.line.classList.toggle("is-troubled", Boolean(said || this.isHereRefused));
    this.write(this.voice, said || (this.isHereRefused ? HERE_NOT : ""));
  }

  // What did not change is not written again: a screen reader would say it.
  write(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }
}
