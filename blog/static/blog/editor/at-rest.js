// A long text is written into its form when somebody asks for it, not at every key: the
// library serialises it all at each. Whoever reads the field's value, sends the form or
// leaves the page gets the last word typed.
//
// The editor writes some HTML in another way than it was stored in: other quotes, a
// paragraph in each list item. As long as its document is the one it opened with, the
// field keeps the text as it came, letter for letter: who only looked has changed nothing.
import { Extension } from "django-prose-editor/editor";

// Of what takes less than this to write nobody notices.
const CHEAP_MS = 4;
// At most a tenth of the time goes to telling that something was typed.
const SHARE = 10;
const REST_MS = 250;
// One empty paragraph is no text.
const NOTHING = /^<(\w+)(?:\s[^>]*)?><\/\1>$/;
const native = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");

class Field {
  constructor(editor, area) {
    Object.assign(this, { editor, area, isStale: false, cost: 0, timer: 0, isUntold: false });
    this.came = native.get.call(area);
    this.opened = this.told = null;
    const put = () => this.put();
    Object.defineProperty(area, "value", {
      configurable: true,
      get() {
        put();
        return native.get.call(area);
      },
      set: (text) => {
        this.isStale = false;
        native.set.call(area, text);
      },
    });
    area.form?.addEventListener("formdata", ({ formData }) => {
      if (formData.has(area.name)) formData.set(area.name, area.value);
    });
    addEventListener("pagehide", put);
  }

  put() {
    if (!this.isStale || this.editor.isDestroyed) return;
    const began = performance.now();
    native.set.call(this.area, this.written());
    this.isStale = false;
    this.cost = performance.now() - began;
  }

  written() {
    if (this.editor.state.doc.eq(this.opened)) return this.came;
    const html = this.editor.getHTML();
    return NOTHING.test(html) ? "" : html;
  }

  tell() {
    this.isUntold = false;
    if (this.cost < CHEAP_MS) this.put();
    const began = performance.now();
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    return performance.now() - began;
  }

  changed(transaction) {
    this.opened ??= this.told = transaction.before;
    // It says so too when it is frozen, for somebody else is writing.
    const { doc } = this.editor.state;
    if (doc === this.told) return;
    this.told = doc;
    this.isStale = true;
    this.isUntold = true;
    if (this.cost < CHEAP_MS) this.tell();
    else if (!this.timer) this.rest(this.tell());
  }

  rest(took) {
    const wait = Math.max(REST_MS, SHARE * Math.max(took, this.cost));
    this.timer = setTimeout(() => {
      this.timer = 0;
      if (this.isUntold) this.rest(this.tell());
      // Typing has stopped: what looks into the field without asking finds it too.
      else this.put();
    }, wait);
  }
}

export const AtRest = Extension.create({
  name: "atRest",

  // Before the first update: the library's own would write the field over.
  onBeforeCreate() {
    const { options } = this.editor;
    const area = options.element.querySelector("textarea");
    if (!area) return;
    const field = new Field(this.editor, area);
    options.onUpdate = ({ transaction }) => field.changed(transaction);
  },
});
