// Links: set by words or by an address, shown with a little bar, taken off again.
import { Link as LibraryLink, Plugin } from "django-prose-editor/editor";
import { LinkBar } from "./link-bar.js";
import { askForLink } from "./link-dialog.js";

// As the server keeps them: see `editor_fit._LINK`.
const KEPT = /^\s*(?:https?:|mailto:|[^:]*(?:[/?#]|$))/i;
// What is surely meant as an address. A bare “readme.md” is not.
const ADDRESS = /^(?:https?:\/\/|www\.)[^\s]+\.[^\s]+$/i;

const choices = (editor) =>
  editor.options.element.querySelector("textarea")?.dataset.linkChoices;

// What is written next is no part of the link.
const goOn = ({ tr, state }) => Boolean(tr.removeStoredMark(state.schema.marks.link));

const change = async (editor) => {
  const isLink = editor.isActive("link");
  // Of a link all of it, of a word nothing: it would be replaced unasked.
  if (isLink) editor.chain().extendMarkRange("link").run();
  const { from, to } = editor.state.selection;
  const words = editor.state.doc.textBetween(from, to, " ");
  const { href } = editor.getAttributes("link");
  const answer = await askForLink({ href, words, choices: choices(editor) });
  editor.view.focus();
  if (!answer) return;
  const chain = editor.chain().setTextSelection({ from, to });
  if (answer.isRemoved) chain.unsetLink().run();
  else if (from !== to) chain.setLink({ href: answer.href }).setTextSelection(to).command(goOn).run();
  else {
    const marks = [{ type: "link", attrs: { href: answer.href } }];
    chain.insertContent({ type: "text", text: answer.title || answer.href, marks }).command(goOn).run();
  }
};

export const Link = LibraryLink.extend({
  addOptions() {
    return {
      ...this.parent?.(),
      defaultProtocol: "https",
      isAllowedUri: (address) => KEPT.test(address ?? ""),
      shouldAutoLink: (address) => ADDRESS.test(address),
    };
  },

  addCommands() {
    return {
      ...this.parent?.(),
      editLink: () => ({ editor, dispatch }) => {
        if (dispatch) change(editor);
        return true;
      },
    };
  },

  addKeyboardShortcuts() {
    return { "Mod-k": () => this.editor.commands.editLink() };
  },

  addProseMirrorPlugins() {
    const view = () => new LinkBar(this.editor);
    return [...(this.parent?.() ?? []), new Plugin({ view })];
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "link",
      groups: "link",
      button: buttons.material("insert_link", gettext("Link")),
      command: (editor) => editor.commands.editLink(),
      active: (editor) => editor.isActive("link"),
      enabled: (editor) => !editor.isActive("codeBlock"),
    });
  },
});
