// Asks where a link leads: an address, or words of which own posts and pages are found.
import { crel } from "django-prose-editor/editor";

const PAUSE_MS = 150;
const ADDRESS = /^(?:https?:|mailto:|[/#?]|www\.)|^[^\s@]+@[^\s@]+\.[^\s@]+$|^[^\s/]+\.[a-z]{2,}(?:[/?#]|$)/i;

const asAddress = (typed) => {
  if (/^[^\s@/:]+@[^\s@]+$/.test(typed)) return `mailto:${typed}`;
  return /^(?:[a-z]+:|[/#?])/i.test(typed) ? typed : `https://${typed}`;
};

const frame = (href, words) => {
  const field = crel("input", {
    type: "text",
    id: "link-field",
    value: href ?? "",
    placeholder: gettext("Words, or an address"),
    autocomplete: "off",
    role: "combobox",
    "aria-controls": "link-choices",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
  });
  const list = crel("ul", {
    id: "link-choices", className: "link-choices", role: "listbox", "aria-label": gettext("Found"),
  });
  const said = crel("p", { className: "quiet", role: "status" });
  const button = (textContent, value, type = "button") =>
    crel("button", { type, textContent, value });
  const buttons = [button(gettext("Set link"), "set", "submit"), button(gettext("Cancel"), "cancel")];
  if (href) buttons.splice(1, 0, button(gettext("Take off"), "remove"));
  const title = crel("h2", { className: "prose-editor-dialog-title", textContent: gettext("Link") });
  if (words) title.append(crel("small", { textContent: ` “${words.slice(0, 60)}”` }));
  const form = crel("form", { method: "dialog" }, [
    title,
    crel("label", { htmlFor: "link-field", textContent: gettext("Where does it lead?") }),
    field,
    said,
    list,
    crel("div", { className: "prose-editor-dialog-buttons" }, buttons),
  ]);
  const dialog = crel("dialog", { className: "prose-editor-dialog link-dialog" }, [form]);
  return { dialog, form, field, list, said };
};

const row = (choice, index) =>
  crel("li", { id: `link-choice-${index}`, role: "option", "aria-selected": "false" }, [
    crel("span", { textContent: choice.title }),
    crel("small", { className: "quiet", textContent: choice.about }),
  ]);

class Search {
  constructor({ field, list, said }, address) {
    Object.assign(this, { field, list, said, address, found: [], at: -1, timer: 0 });
    field.addEventListener("input", () => {
      this.mark(-1);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.run(), PAUSE_MS);
    });
    field.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || !this.found.length) return;
      event.preventDefault();
      const count = this.found.length + 1;
      // One step past the last is the field itself.
      this.mark(((this.at + 1 + step + count) % count) - 1);
    });
  }

  async run() {
    const words = this.field.value.trim();
    if (!this.address || ADDRESS.test(words)) return this.show([], "");
    try {
      const answer = await fetch(`${this.address}?q=${encodeURIComponent(words)}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const { results } = await answer.json();
      if (words !== this.field.value.trim()) return;
      const none = words ? gettext("Nothing here has these words in its title.") : "";
      this.show(results, results.length ? "" : none);
    } catch {
      this.show([], gettext("The posts can’t be asked now; an address can be typed."));
    }
  }

  show(found, sentence) {
    this.found = found;
    this.list.replaceChildren(...found.map(row));
    this.said.textContent = sentence;
    this.field.setAttribute("aria-expanded", found.length > 0);
    this.mark(-1);
  }

  mark(at) {
    this.at = at;
    [...this.list.children].forEach((one, index) => {
      one.setAttribute("aria-selected", index === at);
      if (index === at) one.scrollIntoView({ block: "nearest" });
    });
    if (at < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `link-choice-${at}`);
  }
}

/** Resolves with {href, title}, {isRemoved}, or null where it was cancelled. */
export function askForLink({ href, words, choices }) {
  const parts = frame(href, words);
  const { dialog, form, field, list, said } = parts;
  const search = new Search(parts, choices);
  return new Promise((resolve) => {
    const end = (answer) => {
      resolve(answer);
      dialog.close();
    };
    const choose = ({ url, title }) => end({ href: url, title });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const typed = field.value.trim();
      if (search.at >= 0) choose(search.found[search.at]);
      else if (!typed && href) end({ isRemoved: true });
      else if (ADDRESS.test(typed)) end({ href: asAddress(typed), title: "" });
      else said.textContent = gettext("Choose one of the posts below, or type an address.");
    });
    form.addEventListener("click", ({ target }) => {
      const one = target.closest("[role=option]");
      if (one) choose(search.found[[...list.children].indexOf(one)]);
      if (target.value === "cancel") end(null);
      if (target.value === "remove") end({ isRemoved: true });
    });
    dialog.addEventListener("close", () => {
      resolve(null);
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
    field.select();
    search.run();
  });
}
