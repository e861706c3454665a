// The pictures in the dialog: boxes to tick, or one of many.
const OUT = gettext("The library did not answer. Log in in another tab, or try again in a while.");

const part = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

export class PickerFiles {
  onChange = () => {};
  #chosen = new Map();
  #asked = 0;
  #words = "";
  #next = null;

  constructor({ multiple, address, say }) {
    this.multiple = multiple;
    this.address = address;
    this.say = say;
    this.dom = part("ul", { className: "picker-files" });
    this.more = part("button", { type: "button", className: "button", textContent: gettext("More"), hidden: true });
    this.more.addEventListener("click", () => this.#show(this.#next));
  }

  chosen() {
    return [...this.#chosen.values()];
  }

  async load(words) {
    this.#words = words;
    await this.#show(1);
  }

  async #show(page) {
    this.#asked += 1;
    const asked = this.#asked;
    const query = new URLSearchParams({ q: this.#words, page });
    let found;
    try {
      const response = await fetch(`${this.address}?${query}`, { headers: { Accept: "application/json" } });
      found = await response.json();
    } catch {
      this.say(OUT);
      return;
    }
    // What was asked for since is on its way.
    if (asked !== this.#asked) return;
    const rows = found.files.map((file) => this.#row(file));
    if (page === 1) this.dom.replaceChildren(...rows);
    else this.dom.append(...rows);
    this.#next = found.more;
    this.more.hidden = !found.more;
    if (page > 1) rows[0]?.querySelector("input").focus();
    this.#tell();
  }

  #tell() {
    const count = this.dom.children.length;
    const words = this.#next ? gettext("%(count)s shown, and there are more.") : gettext("%(count)s shown.");
    if (count) this.say(interpolate(words, { count }, true));
    else this.say(this.#words ? gettext("Nothing like that is here.") : gettext("There is no picture in the library yet."));
  }

  /** One that has just come: first, and chosen. */
  prepend(file) {
    this.dom.querySelector(`[data-id="${file.id}"]`)?.remove();
    if (!this.multiple) this.#chosen.clear();
    this.#chosen.set(file.id, file);
    this.dom.prepend(this.#row(file));
    this.#tell();
    this.onChange(this.#chosen.size);
  }

  #row(file) {
    const input = part("input", {
      type: this.multiple ? "checkbox" : "radio",
      name: "picked",
      value: file.id,
      checked: this.#chosen.has(file.id),
    });
    input.addEventListener("change", () => {
      if (!this.multiple) this.#chosen.clear();
      if (input.checked) this.#chosen.set(file.id, file);
      else this.#chosen.delete(file.id);
      this.onChange(this.#chosen.size);
    });
    // Its words stand below it and are read once.
    const image = part("img", { src: file.thumbnail || file.address, alt: "", loading: "lazy", width: 160, height: 160 });
    const words = file.alt
      ? part("span", { className: "picker-alt", textContent: file.alt })
      : part("span", { className: "picker-alt is-missing", textContent: gettext("no alternative text") });
    const label = part("label", {}, input, image, part("span", { className: "picker-name", textContent: file.name }), words);
    const row = part("li", {}, label);
    row.dataset.id = file.id;
    return row;
  }
}
