// A gallery: a figure of figures. Its pictures change places by dragging or by buttons.
import { Node, pm } from "django-prose-editor/editor";
import { frameAttributes, imageIn } from "./image-markup.js";
import { pictureFrom } from "./picture.js";
import { pick } from "../admin/picker.js";
import { desk } from "../admin/uploads.js";

const { Fragment } = pm.model;
const { NodeSelection } = pm.state;

const choose = (tr, position) => tr.setSelection(NodeSelection.create(tr.doc, position)).scrollIntoView();

/** Pictures and galleries beside the picture at `position`: `{ from, to, pictures }`. */
const neighbours = (doc, position) => {
  const $at = doc.resolve(position);
  const { parent } = $at;
  const isPicture = (index) => ["picture", "gallery"].includes(parent.maybeChild(index)?.type.name);
  let first = $at.index();
  let last = first;
  while (first > 0 && isPicture(first - 1)) first -= 1;
  while (isPicture(last + 1)) last += 1;
  const nodes = Array.from({ length: last - first + 1 }, (_, offset) => parent.child(first + offset));
  return {
    from: $at.posAtIndex(first),
    to: $at.posAtIndex(last + 1),
    pictures: nodes.flatMap((node) => (node.type.name === "gallery" ? [...node.children] : [node])),
  };
};

export const Gallery = Node.create({
  name: "gallery",
  group: "block",
  content: "picture+",
  isolating: true,
  draggable: true,
  priority: 125,

  addAttributes() {
    return { frame: { default: { class: "gallery" }, rendered: false, parseHTML: frameAttributes } };
  },

  parseHTML() {
    const isGallery = (element) =>
      element.children.length && [...element.children].every((child) => child.localName === "figure" && imageIn(child));
    return [{ tag: "figure", getAttrs: (element) => (isGallery(element) ? null : false) }];
  },

  renderHTML({ node }) {
    return ["figure", node.attrs.frame, 0];
  },

  addCommands() {
    return {
      insertGallery: (files) => ({ commands }) =>
        commands.insertContent({ type: "gallery", content: files.map(pictureFrom) }),

      movePicture: (position, step) => ({ tr, dispatch }) => {
        const $at = tr.doc.resolve(position);
        const index = $at.index();
        const target = index + step;
        if (target < 0 || target >= $at.parent.childCount) return false;
        if (!dispatch) return true;
        const node = $at.nodeAfter;
        tr.delete(position, position + node.nodeSize);
        const place = tr.doc.resolve($at.start()).posAtIndex(target);
        tr.insert(place, node);
        choose(tr, place);
        return true;
      },

      gatherPictures: (position) => ({ tr, dispatch }) => {
        const { from, to, pictures } = neighbours(tr.doc, position);
        // Which side one stood on is the gallery's to say now.
        if (dispatch) {
          const before = pictures.slice(0, pictures.indexOf(tr.doc.nodeAt(position)));
          tr.replaceWith(from, to, this.type.create(null, Fragment.from(pictures)));
          choose(tr, from + 1 + before.reduce((size, node) => size + node.nodeSize, 0));
        }
        return true;
      },

      takePictureOut: (position) => ({ tr, dispatch }) => {
        const $at = tr.doc.resolve(position);
        const [node, gallery] = [$at.nodeAfter, $at.parent];
        if (!dispatch) return true;
        const after = $at.after();
        tr.insert(after, node);
        if (gallery.childCount === 1) tr.delete($at.before(), after);
        else tr.delete(position, position + node.nodeSize);
        choose(tr, tr.mapping.map(after, -1));
        return true;
      },

      removePicture: (position) => ({ tr, dispatch }) => {
        const $at = tr.doc.resolve(position);
        const isLast = $at.parent.type === this.type && $at.parent.childCount === 1;
        if (!dispatch) return true;
        if (isLast) tr.delete($at.before(), $at.after());
        else tr.delete(position, position + $at.nodeAfter.nodeSize);
        return true;
      },
    };
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "gallery",
      groups: "nodes",
      button: buttons.material("photo_library", "gallery"),
      hidden: () => !desk().mediaChoices,
      command: async (editor) => {
        const files = await pick({ multiple: true, title: gettext("Choose pictures for a gallery") });
        if (files.length) editor.chain().focus().insertGallery(files).run();
        else editor.commands.focus();
      },
    });
  },
});
