// A long text is written into its form when somebody asks for it, not at every key: the
// library serialises it all at each. Whoever reads the field's value, sends the form or
// leaves the page gets the last word typed.
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
    const html = this.editor.getHTML();
    this.isStale = false;
    native.set.call(this.area, NOTHING.test(html) ? "" : html);
    this.cost = performance.now() - began;
  }

  tell() {
    this.isUntold = false;
    if (this.cost < CHEAP_MS) this.put();
    const began = performance.now();
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    return performance.now() - began;
  }

  changed() {
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

  onCreate() {
    const { editor } = this;
    const area = editor.options.element.querySelector("textarea");
    if (!area) return;
    const field = new Field(editor, area);
    editor.off("update", editor.options.onUpdate);
    editor.on("update", () => field.changed());
  },
});
