// Takes off all marks: what is bold, linked or struck through is plain again.
import { Extension } from "django-prose-editor/editor";

export const Clear = Extension.create({
  name: "clear",

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "clear",
      groups: "marks",
      label: gettext("Without any style"),
      keys: "Mod-\\",
      button: buttons.material("format_clear", gettext("Without any style")),
      command: (editor) => editor.chain().focus().unsetAllMarks().run(),
    });
  },

  addKeyboardShortcuts() {
    return { "Mod-\\": () => this.editor.commands.unsetAllMarks() };
  },
});
