// A picture with its caption: <figure><img><figcaption>. The caption is its content.
import { Node, pm } from "django-prose-editor/editor";
import { captionOf, frameAttributes, imageAttributes, imageIn, linkAttributes, pictureOf } from "./image-markup.js";
import { PictureView } from "./picture-view.js";
import { pick } from "../admin/picker.js";
import { desk } from "../admin/uploads.js";

const { NodeSelection, Plugin, TextSelection } = pm.state;
const { Decoration, DecorationSet } = pm.view;

/** The picture the selection is, or is in: `{ node, pos }`, or null. */
export const pictureAt = ({ selection }) => {
  if (selection.node?.type.name === "picture") return { node: selection.node, pos: selection.from };
  const { $from } = selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name === "picture") return { node: $from.node(depth), pos: $from.before(depth) };
  }
  return null;
};

/** A file of the library as JSON of a picture node. */
export const pictureFrom = (file) => {
  const caption = captionOf(file);
  const content = caption ? [{ type: "text", text: caption }] : [];
  return { type: "picture", attrs: pictureOf(file), content };
};

const marked = (state) => {
  const found = pictureAt(state);
  if (!found) return DecorationSet.empty;
  const end = found.pos + found.node.nodeSize;
  return DecorationSet.create(state.doc, [Decoration.node(found.pos, end, { class: "is-active" })]);
};

// At the start of the caption: first the picture is selected, then it is deleted.
const selectAtStart = ({ editor }) => {
  const { selection } = editor.state;
  const found = pictureAt(editor.state);
  if (!found || selection.node || !selection.empty || selection.$from.parentOffset > 0) return false;
  return editor.commands.setNodeSelection(found.pos);
};

const paragraphAfter = ({ editor }) => {
  const found = pictureAt(editor.state);
  if (!found) return false;
  return editor.commands.command(({ tr, state, dispatch }) => {
    const $end = state.doc.resolve(found.pos + found.node.nodeSize);
    // Out of a gallery, below it.
    const end = $end.parent.type.name === "gallery" ? $end.after() : $end.pos;
    if (dispatch) {
      tr.insert(end, state.schema.nodes.paragraph.create());
      tr.setSelection(TextSelection.near(tr.doc.resolve(end + 1))).scrollIntoView();
    }
    return true;
  });
};

export const Picture = Node.create({
  name: "picture",
  group: "block",
  content: "inline*",
  draggable: true,
  isolating: true,
  // Before what takes any block.
  priority: 120,

  addAttributes() {
    return {
      frame: { default: { class: "picture" }, rendered: false, parseHTML: frameAttributes },
      image: { default: { src: "" }, rendered: false, parseHTML: (element) => imageAttributes(imageIn(element)) },
      link: {
        default: null,
        rendered: false,
        parseHTML: (element) => {
          const link = imageIn(element).closest("a");
          return link && linkAttributes(link);
        },
      },
      below: {
        default: {},
        rendered: false,
        parseHTML: (element) => {
          const caption = element.querySelector(":scope > figcaption[class]");
          return caption ? { class: caption.className } : {};
        },
      },
    };
  },

  parseHTML() {
    return [
      {
        tag: "figure",
        getAttrs: (element) => (imageIn(element) ? null : false),
        contentElement: (element) =>
          element.querySelector(":scope > figcaption") ?? document.createElement("figcaption"),
      },
    ];
  },

  renderHTML({ node }) {
    const { frame, image, link, below } = node.attrs;
    const shown = link ? ["a", link, ["img", image]] : ["img", image];
    return ["figure", frame, shown, ...(node.content.size ? [["figcaption", below, 0]] : [])];
  },

  addNodeView() {
    return (props) => new PictureView(props);
  },

  addCommands() {
    return {
      insertPictures: (files) => ({ commands }) => commands.insertContent(files.map(pictureFrom)),
    };
  },

  addKeyboardShortcuts() {
    return {
      Enter: paragraphAfter,
      Backspace: selectAtStart,
      Tab: ({ editor }) => {
        const found = pictureAt(editor.state);
        const first = found && editor.view.nodeDOM(found.pos)?.querySelector(".picture-bar input");
        first?.focus();
        return Boolean(first);
      },
      // From the picture into its caption.
      ArrowDown: ({ editor }) => {
        const { selection } = editor.state;
        if (!(selection instanceof NodeSelection) || selection.node.type.name !== "picture") return false;
        return editor.commands.setTextSelection(selection.from + 1);
      },
    };
  },

  addProseMirrorPlugins() {
    return [new Plugin({ props: { decorations: marked } })];
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "picture",
      groups: "nodes",
      button: buttons.material("image", gettext("pictures from the library")),
      hidden: () => !desk().mediaChoices,
      command: async (editor) => {
        const files = await pick({ multiple: true });
        if (files.length) editor.chain().focus().insertPictures(files).run();
        else editor.commands.focus();
      },
    });
  },
});
