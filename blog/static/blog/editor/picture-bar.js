// What can be done with a picture, below it while it is chosen.
import { alignmentOf, withAlignment } from "./image-markup.js";
import { pick } from "../admin/picker.js";
import { desk } from "../admin/uploads.js";

const PLACES = [["", gettext("In the column")], ["left", gettext("Left, text beside")], ["right", gettext("Right, text beside")], ["wide", gettext("Wide")]];

const part = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const named = (words, control) => part("label", {}, part("span", { textContent: words }), control);
const button = (words, act) => {
  const element = part("button", { type: "button", textContent: words });
  element.dataset.act = words;
  element.addEventListener("click", act);
  return element;
};

export class PictureBar {
  constructor(view) {
    this.view = view;
    this.alt = part("input", { type: "text", maxLength: 1000, placeholder: gettext("What one should know who can’t see it") });
    this.decorative = part("input", { type: "checkbox" });
    this.link = part("input", { type: "text", inputMode: "url", placeholder: "https://" });
    this.align = part("select", {}, ...PLACES.map(([value, textContent]) => part("option", { value, textContent })));
    this.earlier = button(gettext("Earlier"), () => this.#moved(gettext("Earlier"), (at) => view.editor.commands.movePicture(at, -1)));
    this.later = button(gettext("Later"), () => this.#moved(gettext("Later"), (at) => view.editor.commands.movePicture(at, 1)));
    this.gather = button(gettext("Make a gallery"), () => this.#moved(gettext("Later"), (at) => view.editor.commands.gatherPictures(at)));
    this.takeOut = button(gettext("Out of the gallery"), () =>
      this.#moved(gettext("Make a gallery"), (at) => view.editor.commands.takePictureOut(at)),
    );
    this.replace = button(gettext("Replace"), () => this.#replace());
    const remove = button(gettext("Remove"), () => view.editor.chain().focus().removePicture(view.getPos()).run());
    const isDecorative = part("label", { className: "picture-decorative" }, this.decorative, gettext("Decoration, needs none"));
    this.placed = named(gettext("Place"), this.align);
    this.linked = named(gettext("Leads to"), this.link);
    this.dom = part(
      "div",
      { className: "picture-bar" },
      part("div", { className: "picture-words" }, named(gettext("Alternative text"), this.alt), isDecorative),
      part("div", { className: "picture-more" }, this.placed, this.linked),
      part("div", { className: "picture-buttons" }, this.earlier, this.later, this.gather, this.takeOut, this.replace, remove),
    );
    this.dom.setAttribute("role", "group");
    this.dom.setAttribute("aria-label", gettext("This picture"));
    this.#listen();
  }

  #listen() {
    const { view } = this;
    this.alt.addEventListener("change", () => view.changeImage({ alt: this.alt.value.trim() || undefined }));
    this.decorative.addEventListener("change", () =>
      view.changeImage({ alt: this.decorative.checked ? "" : undefined }),
    );
    this.align.addEventListener("change", () => {
      const { frame } = view.node.attrs;
      view.change({ frame: { ...frame, class: withAlignment(frame.class, this.align.value) } });
    });
    this.link.addEventListener("change", () => {
      const href = this.link.value.trim();
      view.change({ link: href ? { ...view.node.attrs.link, href } : null });
    });
    this.dom.addEventListener("keydown", (event) => {
      if (event.key === "Escape") view.editor.view.focus();
      // Enter in a field would send the whole form.
      else if (event.key === "Enter" && event.target.localName === "input") {
        event.preventDefault();
        event.target.dispatchEvent(new Event("change"));
      }
    });
  }

  // It stands elsewhere now, with another bar: whoever presses keys is led there.
  #moved(next, move) {
    const { view } = this.view.editor;
    move(this.view.getPos());
    const moved = view.nodeDOM(view.state.selection.from);
    const buttons = moved?.querySelectorAll?.(".picture-buttons button:not(:disabled, [hidden])") ?? [];
    ([...buttons].find(({ dataset }) => dataset.act === next) ?? buttons[0])?.focus();
  }

  async #replace() {
    const [file] = await pick({ multiple: false });
    if (!file) return;
    const { address, alt, width, height } = file;
    const { id, title, class: classes } = this.view.node.attrs.image;
    const image = { src: address, ...(alt && { alt }), width: String(width), height: String(height) };
    // wp-image-12 and its size were the other one's.
    const others = classes?.split(/\s+/).filter((name) => !/^(wp-image-|size-)/.test(name)).join(" ");
    this.view.change({ image: { ...image, ...(title && { title }), ...(id && { id }), ...(others && { class: others }) } });
  }

  show(node) {
    const { image, frame, link } = node.attrs;
    const root = this.dom.getRootNode();
    // What is being typed stays.
    if (root.activeElement !== this.alt) this.alt.value = image.alt ?? "";
    if (root.activeElement !== this.link) this.link.value = link?.href ?? "";
    this.decorative.checked = image.alt === "";
    this.alt.disabled = this.decorative.checked;
    this.align.value = alignmentOf(frame.class);
    this.replace.hidden = !desk().mediaChoices;
    this.#placeIn(node);
  }

  #placeIn(node) {
    const { view } = this;
    const position = view.getPos();
    const $at = position === undefined ? null : view.editor.state.doc.resolve(position);
    const isInGallery = $at?.parent.type.name === "gallery";
    const index = $at?.index() ?? 0;
    this.placed.hidden = isInGallery;
    this.earlier.hidden = this.later.hidden = this.takeOut.hidden = !isInGallery;
    this.earlier.disabled = index === 0;
    this.later.disabled = !$at || index === $at.parent.childCount - 1;
    this.gather.hidden = isInGallery || !view.editor.schema.nodes.gallery;
  }
}
