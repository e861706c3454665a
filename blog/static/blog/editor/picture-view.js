// How a picture stands in the editor: itself, a bar while it is chosen, its caption.
import { alignmentOf } from "./image-markup.js";
import { PictureBar } from "./picture-bar.js";

const part = (tag, properties) => Object.assign(document.createElement(tag), properties);

export class PictureView {
  constructor({ node, editor, getPos }) {
    this.node = node;
    this.editor = editor;
    this.getPos = getPos;
    // Dragging it moves the figure.
    this.image = part("img", { draggable: false });
    this.image.addEventListener("click", () => {
      this.choose();
      editor.view.focus();
    });
    this.nag = part("button", { type: "button", className: "picture-nag", textContent: gettext("Describe it") });
    this.nag.title = gettext("It has no alternative text yet");
    this.nag.addEventListener("click", () => this.describe());
    this.bar = new PictureBar(this);
    this.contentDOM = part("figcaption", {});
    this.dom = part("figure", { className: "in-editor" });
    const frame = part("div", { className: "picture-frame", contentEditable: "false" });
    frame.append(this.image, this.nag);
    this.bar.dom.contentEditable = "false";
    this.dom.append(frame, this.bar.dom, this.contentDOM);
    this.show(node);
  }

  show(node) {
    const { image, frame } = node.attrs;
    this.node = node;
    if (this.image.getAttribute("src") !== image.src) this.image.src = image.src;
    for (const name of ["width", "height"]) {
      if (image[name]) this.image.setAttribute(name, image[name]);
      else this.image.removeAttribute(name);
    }
    this.image.alt = image.alt ?? "";
    // An empty text says that it is there to please alone; none, that nobody knows yet.
    this.nag.hidden = image.alt !== undefined;
    this.dom.dataset.align = alignmentOf(frame.class);
    this.contentDOM.classList.toggle("is-empty", node.content.size === 0);
    this.bar.show(node);
  }

  choose() {
    this.editor.commands.setNodeSelection(this.getPos());
  }

  describe() {
    this.choose();
    this.bar.alt.focus();
  }

  /** Give the node other attributes; one step back undoes it. */
  change(attributes) {
    const position = this.getPos();
    if (position === undefined) return;
    const { state, view } = this.editor;
    const { selection } = state;
    const tr = state.tr.setNodeMarkup(position, null, { ...this.node.attrs, ...attributes });
    const isChosen = selection.node && selection.from === position;
    if (isChosen) tr.setSelection(selection.constructor.create(tr.doc, position));
    view.dispatch(tr);
  }

  changeImage(attributes) {
    const image = { ...this.node.attrs.image, ...attributes };
    for (const name of Object.keys(image)) if (image[name] === undefined) delete image[name];
    this.change({ image });
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.show(node);
    return true;
  }

  selectNode() {
    this.dom.classList.add("is-chosen");
  }

  deselectNode() {
    this.dom.classList.remove("is-chosen");
  }

  stopEvent(event) {
    return this.bar.dom.contains(event.target) || this.nag.contains(event.target);
  }

  ignoreMutation(mutation) {
    if (mutation.type === "selection") return false;
    return mutation.type === "attributes" || !this.contentDOM.contains(mutation.target);
  }
}
