// What is pasted comes in clean. Markdown stands there as it was typed at once, and
// becomes rich a moment later; undoing that brings the typed text back.
import { Extension, Plugin } from "django-prose-editor/editor";
import { languageName } from "./code-block.js";
import { cleanHTML } from "./paste-html.js";
import { askForHTML, looksLikeMarkdown } from "./paste-markdown.js";

/** Where a paste stands, whatever is typed around it meanwhile. */
class Place {
  constructor(editor, from, to) {
    Object.assign(this, { editor, from, to });
    this.follow = ({ transaction }) => {
      this.from = transaction.mapping.map(this.from, 1);
      this.to = transaction.mapping.map(this.to, -1);
    };
    editor.on("transaction", this.follow);
    this.text = this.read();
  }

  read() {
    const { doc } = this.editor.state;
    return doc.textBetween(this.from, Math.min(this.to, doc.content.size), "\n");
  }

  /** Ends the following; false where somebody changed what was pasted. */
  leave() {
    this.editor.off("transaction", this.follow);
    return !this.editor.isDestroyed && this.read() === this.text;
  }
}

const pasteMarkdown = async (editor, view, slice, text) => {
  const { from } = view.state.selection;
  view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView());
  const { to } = view.state.selection;
  const place = new Place(editor, from, to);
  const area = editor.options.element.querySelector("textarea");
  const token = area.form.elements.csrfmiddlewaretoken.value;
  const html = await askForHTML(text, area.dataset.markdown, token);
  if (!place.leave() || html === null) return;
  const isThere = view.state.selection.empty && view.state.selection.to === place.to;
  const before = view.state.selection.getBookmark();
  // A step of its own for undoing.
  view.dispatch(view.state.tr.setMeta("closeHistory$", true));
  const after = new Place(editor, view.state.selection.from, view.state.selection.to);
  editor.commands.setTextSelection({ from: place.from, to: place.to });
  view.pasteHTML(html);
  after.leave();
  // Who went on elsewhere stays there.
  if (!isThere && before) editor.commands.setTextSelection({ from: after.from, to: after.to });
};

const pasteCode = (editor, text, mode) => {
  const language = languageName(mode);
  const block = {
    type: "codeBlock",
    attrs: { language: mode === "plaintext" ? null : language },
    content: [{ type: "text", text: text.replace(/\r\n?/g, "\n").replace(/\n$/, "") }],
  };
  editor.chain().insertContent(block).run();
};

const modeOf = (data) => {
  try {
    return JSON.parse(data.getData("vscode-editor-data")).mode;
  } catch {
    return null;
  }
};

export const Paste = Extension.create({
  name: "cleanPaste",
  // Before the one that makes links of addresses.
  priority: 1100,

  onBeforeCreate() {
    // `2 * 3 * 4` is no italic: what is Markdown is decided for the whole text.
    this.editor.options.enablePasteRules = ["link"];
  },

  transformPastedHTML(html) {
    // What was copied here is clean, and holds more than others would know.
    return html.includes("data-pm-slice") ? html : cleanHTML(html);
  },

  addProseMirrorPlugins() {
    const { editor } = this;
    let isPlain = false;
    const handlePaste = (view, event, slice) => {
      const wasPlain = isPlain;
      isPlain = false;
      const data = event.clipboardData;
      if (!data || wasPlain || view.state.selection.$from.parent.type.spec.code) return false;
      const text = data.getData("text/plain");
      const mode = modeOf(data);
      if (mode && mode !== "markdown") {
        if (text.trim().includes("\n")) pasteCode(editor, text, mode);
        else view.pasteText(text);
        return true;
      }
      const isTyped = mode === "markdown" || !data.getData("text/html");
      if (!isTyped || data.files.length || !looksLikeMarkdown(text)) return false;
      pasteMarkdown(editor, view, slice, text);
      return true;
    };
    const transformPastedText = (text, asked) => {
      isPlain = asked;
      return text;
    };
    return [new Plugin({ props: { handlePaste, transformPastedText } })];
  },
});
