// One quiet line on what is kept where. Read aloud is only what changes the situation.

const HERE_NOT =
  "This computer keeps nothing: the browser’s storage is full or forbidden";
const NOWHERE = "Nothing keeps your text now. Save it, or copy it before you leave.";

export const timeOf = (at) =>
  new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

// "14:02", or "3 December, 14:02" where that was not today.
export const momentOf = (at) => {
  const date = new Date(at);
  if (date.toDateString() === new Date().toDateString()) return timeOf(at);
  return `${date.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}, ${timeOf(at)}`;
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
    else if (this.here) parts.push(`Saved on this computer, ${timeOf(this.here)}`);
    if (this.server && !this.trouble) parts.push(`on the server, ${timeOf(this.server)}`);
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
