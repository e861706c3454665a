// Footnotes: a number in the sentence, and below it a field the note is written in.
import { InputRule, Node, Plugin, mergeAttributes, pm } from "django-prose-editor/editor";

const { NodeSelection, TextSelection } = pm.state;
const { Decoration, DecorationSet } = pm.view;

const ICON = `<svg viewBox="0 0 24 24" width="24" height="24" fill="currentColor" direction="ltr" aria-hidden="true">
  <text x="3" y="20" font-size="19" font-family="serif">a</text><text x="13" y="12" font-size="12" font-weight="700">1</text></svg>`;

const around = ($pos) => ($pos.parent.type.name === "footnote" ? $pos.parent : null);
const within = (state) => around(state.selection.$from) && around(state.selection.$to);

// The cursor behind the note it is in, or before it.
const leave = (side) => ({ editor }) => {
  const { state, view } = editor;
  if (!within(state)) return false;
  const { $from } = state.selection;
  const at = side < 0 ? $from.before() : $from.after();
  view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, at)).scrollIntoView());
  return true;
};

// A note that is walked into is chosen as one piece; Enter opens it.
const step = (side, isDeleting) => ({ editor }) => {
  const { state, view } = editor;
  const { selection } = state;
  if (!selection.empty) return false;
  const { $from } = selection;
  if (within(state)) {
    const isAtEdge = $from.parentOffset === (side < 0 ? 0 : $from.parent.content.size);
    if (!isAtEdge) return false;
    if (!isDeleting) return leave(side)({ editor });
    if (!$from.parent.content.size) view.dispatch(state.tr.delete($from.before(), $from.after()));
    return true;
  }
  const beside = side < 0 ? $from.nodeBefore : $from.nodeAfter;
  if (beside?.type.name !== "footnote") return false;
  const at = side < 0 ? $from.pos - beside.nodeSize : $from.pos;
  view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, at)));
  return true;
};

const enter = (view, at) => {
  const end = at + view.state.doc.nodeAt(at).nodeSize - 1;
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, end)));
  view.focus();
};

// In a note stands text with its marks, and nothing else.
const flat = (slice, schema) => {
  const nodes = [];
  slice.content.descendants((node) => {
    if (node.isTextblock && nodes.length) nodes.push(schema.text(" "));
    if (node.isText) nodes.push(schema.text(node.text.replace(/\s+/g, " "), node.marks));
  });
  return new pm.model.Slice(pm.model.Fragment.from(nodes), 0, 0);
};

const plugin = () =>
  new Plugin({
    props: {
      decorations(state) {
        const { $from } = state.selection;
        if (!within(state)) return null;
        const open = Decoration.node($from.before(), $from.after(), {}, { isOpen: true });
        return DecorationSet.create(state.doc, [open]);
      },
      transformPasted: (slice, view) =>
        within(view.state) ? flat(slice, view.state.schema) : slice,
    },
  });

const noteView = ({ node, view, getPos, decorations }) => {
  const make = (className, attributes) => {
    const element = document.createElement("span");
    element.className = className;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const dom = make("footnote", {});
  const call = make("footnote-number", { role: "button", "aria-label": gettext("Footnote"), contenteditable: "false" });
  const contentDOM = make("footnote-text", { role: "note", "aria-label": gettext("Text of the footnote") });
  dom.append(call, contentDOM);
  const show = (shown) => {
    const isOpen = shown.some(({ spec }) => spec.isOpen);
    dom.classList.toggle("is-open", isOpen);
    // Closed it is one piece to the browser: no cursor gets lost in it.
    dom.contentEditable = isOpen ? "inherit" : "false";
  };
  call.addEventListener("mousedown", (event) => {
    event.preventDefault();
    enter(view, getPos());
  });
  show(decorations);
  return {
    dom,
    contentDOM,
    update(changed, shown) {
      if (changed.type !== node.type) return false;
      show(shown);
      return true;
    },
    stopEvent: (event) => call.contains(event.target),
  };
};

export const Footnote = Node.create({
  name: "footnote",
  // Its keys before those that split and join paragraphs.
  priority: 1000,
  group: "inline",
  inline: true,
  content: "text*",
  isolating: true,
  draggable: false,

  parseHTML: () => [{ tag: "span.footnote" }],
  renderHTML: ({ HTMLAttributes }) => ["span", mergeAttributes(HTMLAttributes, { class: "footnote" }), 0],
  addNodeView: () => noteView,
  addProseMirrorPlugins: () => [plugin()],

  addCommands() {
    return {
      insertFootnote: () => ({ tr, dispatch }) => {
        const { $to } = tr.selection;
        const isAllowed = $to.parent.canReplaceWith($to.index(), $to.index(), this.type);
        if (!isAllowed || !dispatch) return isAllowed;
        tr.insert($to.pos, this.type.create());
        tr.setSelection(TextSelection.create(tr.doc, $to.pos + 1)).scrollIntoView();
        return true;
      },
    };
  },

  addInputRules() {
    // As Markdown begins one, and as Pandoc does.
    const handler = ({ range, chain, can }) => {
      if (!can().insertFootnote()) return null;
      chain().deleteRange(range).insertFootnote().run();
    };
    return [new InputRule({ find: /(?:\[\^|\^\[)$/, handler })];
  },

  addKeyboardShortcuts() {
    const open = ({ editor }) => {
      const { selection } = editor.state;
      if (selection.node?.type !== this.type) return false;
      enter(editor.view, selection.from);
      return true;
    };
    return {
      "Mod-Alt-f": () => this.editor.commands.insertFootnote(),
      Enter: (props) => open(props) || leave(1)(props),
      "Shift-Enter": leave(1),
      Escape: leave(1),
      ArrowLeft: step(-1, false),
      ArrowRight: step(1, false),
      Backspace: step(-1, true),
      Delete: step(1, true),
    };
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "footnote",
      groups: "nodes",
      button: buttons.svg(ICON, "footnote"),
      command: (editor) => editor.chain().focus().insertFootnote().run(),
      active: (editor) => Boolean(within(editor.state)),
      enabled: (editor) => editor.can().insertFootnote(),
    });
  },
});
