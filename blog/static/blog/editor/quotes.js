// Quotes, and below them who said it: <blockquote><p>…</p><cite>…</cite></blockquote>.
import { Blockquote as LibraryQuote, Node } from "django-prose-editor/editor";

export const Blockquote = LibraryQuote.extend({ content: "block+ citation?" });

const quoteAround = ({ $from }) => {
  for (let depth = $from.depth; depth > 0; depth -= 1)
    if ($from.node(depth).type.name === "blockquote") return depth;
  return 0;
};

export const Citation = Node.create({
  name: "citation",
  content: "inline*",
  defining: true,
  isolating: true,

  parseHTML() {
    return [{ tag: "blockquote > cite" }];
  },

  renderHTML() {
    return ["cite", 0];
  },

  addCommands() {
    return {
      cite: () => ({ state, chain }) => {
        const depth = quoteAround(state.selection);
        if (!depth) return false;
        const quote = state.selection.$from.node(depth);
        const end = state.selection.$from.end(depth);
        if (quote.lastChild.type === this.type) return chain().setTextSelection(end - 1).run();
        return chain()
          .insertContentAt(end, { type: this.name }, { updateSelection: false })
          .setTextSelection(end + 1)
          .run();
      },
    };
  },

  addKeyboardShortcuts() {
    const here = () => this.editor.isActive(this.name);
    return {
      Enter: () => {
        if (!here()) return false;
        const { $from } = this.editor.state.selection;
        const after = $from.after(quoteAround(this.editor.state.selection));
        return this.editor
          .chain()
          .insertContentAt(after, { type: "paragraph" })
          .setTextSelection(after + 1)
          .run();
      },
      Backspace: () => {
        const { $from, empty } = this.editor.state.selection;
        if (!here() || !empty || $from.parentOffset > 0) return false;
        if ($from.parent.content.size > 0) return true;
        const before = $from.before();
        return this.editor
          .chain()
          .deleteRange({ from: before, to: $from.after() })
          .setTextSelection(before - 1)
          .run();
      },
    };
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "cite",
      label: gettext("Who said it"),
      groups: "context",
      button: buttons.text(gettext("Who said it"), gettext("Who said it")),
      command: (editor) => editor.chain().focus().cite().run(),
      hidden: (editor) => !editor.isActive("blockquote") || editor.isActive("citation"),
    });
  },
});
