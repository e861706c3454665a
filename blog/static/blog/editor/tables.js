// Tables: made with a row of headings, changed by buttons and by keys.
import { Table as LibraryTable, pm } from "django-prose-editor/editor";

// Name, key, what it does.
const CHANGES = [
  [gettext("Row below"), "Mod-Enter", "addRowAfter"],
  [gettext("Row above"), "", "addRowBefore"],
  [gettext("Column after"), "Mod-Alt-Enter", "addColumnAfter"],
  [gettext("Remove row"), "Mod-Alt-Backspace", "deleteRow"],
  [gettext("Remove column"), "Mod-Alt-Delete", "deleteColumn"],
  [gettext("First row is headings"), "", "toggleHeaderRow"],
  [gettext("First column is headings"), "", "toggleHeaderColumn"],
  [gettext("Join cells"), "", "mergeCells"],
  [gettext("Part cell"), "", "splitCell"],
  [gettext("Remove table"), "", "deleteTable"],
];

// Below a table that ends the text: browsers go to what stands above it.
const toEnd = ({ state, view }) => {
  const { doc, tr, schema } = state;
  if (doc.lastChild.type.name !== "table") return false;
  const end = doc.content.size;
  tr.insert(end, schema.nodes.paragraph.create());
  view.dispatch(tr.setSelection(pm.state.TextSelection.create(tr.doc, end + 1)).scrollIntoView());
  return true;
};

export const Table = LibraryTable.extend({
  // Before the keys of the line break.
  priority: 200,

  addKeyboardShortcuts() {
    const keys = CHANGES.filter(([, key]) => key).map(([, key, command]) => [
      key,
      () => this.editor.isActive("table") && this.editor.commands[command](),
    ]);
    const end = { "Mod-End": () => toEnd(this.editor) };
    return { ...this.parent?.(), ...Object.fromEntries(keys), ...end };
  },

  addMenuItems({ menu, buttons }) {
    const insert = { rows: 3, cols: 3, withHeaderRow: true };
    menu.defineItem({
      name: "table",
      groups: "nodes",
      button: buttons.material("grid_on", gettext("Table")),
      command: (editor) => editor.chain().focus().insertTable(insert).run(),
      enabled: (editor) => !editor.isActive("table"),
    });
    CHANGES.forEach(([label, keys, command], index) => {
      menu.defineItem({
        name: `table:${command}`,
        groups: "table",
        priority: 90 - index,
        label,
        keys,
        button: buttons.text(label, label),
        command: (editor) => editor.chain().focus()[command]().run(),
        enabled: (editor) => editor.can()[command](),
        hidden: (editor) =>
          !editor.isActive("table") ||
          (["mergeCells", "splitCell"].includes(command) && !editor.can()[command]()),
      });
    });
  },
});
