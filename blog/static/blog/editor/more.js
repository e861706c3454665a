// The more mark: where a list cuts the post. Stored as <!--more-->; a rule to the editor.
import { HorizontalRule, mergeAttributes, nodeInputRule } from "django-prose-editor/editor";

export const More = HorizontalRule.extend({
  name: "more",
  // Before the plain rule, which would take it.
  priority: 110,

  parseHTML() {
    return [{ tag: "hr.more" }];
  },

  renderHTML({ HTMLAttributes }) {
    return ["hr", mergeAttributes(HTMLAttributes, { class: "more" })];
  },

  addCommands() {
    const { setHorizontalRule } = this.parent();
    return {
      // One mark is enough: a second would be served as nothing.
      insertMore: () => (props) => {
        let isThere = false;
        props.state.doc.descendants((node) => {
          isThere ||= node.type.name === this.name;
        });
        return !isThere && setHorizontalRule()(props);
      },
    };
  },

  addInputRules() {
    return [nodeInputRule({ find: /^<!--\s*more\s*-->$/, type: this.type })];
  },

  addKeyboardShortcuts() {
    return { "Mod-Shift-Enter": () => this.editor.commands.insertMore() };
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "more",
      groups: "nodes",
      button: buttons.material("insert_page_break", gettext("more mark: lists cut the post here")),
      command: (editor) => editor.chain().focus().insertMore().run(),
      enabled: (editor) => editor.can().insertMore(),
    });
  },
});
