// What a link under the cursor offers: where it leads, another address, no link.
import { crel, getMarkRange } from "django-prose-editor/editor";

export class LinkBar {
  constructor(editor) {
    this.editor = editor;
    const button = (textContent, act) => {
      const one = crel("button", { type: "button", textContent });
      one.addEventListener("click", act);
      return one;
    };
    this.open = crel("a", { target: "_blank", rel: "noopener" });
    this.bar = crel(
      "div",
      { className: "link-bar", role: "group", "aria-label": gettext("Link"), hidden: true },
      [
        this.open,
        button(gettext("Change"), () => editor.commands.editLink()),
        button(gettext("Take off"), () => editor.chain().focus().unsetLink().run()),
      ],
    );
    // Pressing it must not take the cursor out of the text.
    this.bar.addEventListener("mousedown", (event) => event.preventDefault());
    editor.options.element.append(this.bar);
  }

  update(view, before) {
    const { state } = view;
    if (before?.doc.eq(state.doc) && before.selection.eq(state.selection)) return;
    const { $from, from, to } = state.selection;
    const range = getMarkRange($from, state.schema.marks.link);
    const isInside = range && from >= range.from && to <= range.to;
    this.bar.hidden = !isInside || !view.editable;
    if (!this.bar.hidden) this.show(view, range);
  }

  show(view, range) {
    const { href } = this.editor.getAttributes("link");
    this.open.href = href;
    this.open.textContent = href;
    this.open.title = interpolate(gettext("Open %(href)s in another tab"), { href }, true);
    const at = view.coordsAtPos(range.from);
    const frame = this.editor.options.element.getBoundingClientRect();
    const room = frame.width - this.bar.offsetWidth;
    this.bar.style.top = `${view.coordsAtPos(range.to).bottom - frame.top + 4}px`;
    this.bar.style.left = `${Math.max(0, Math.min(at.left - frame.left, room))}px`;
  }

  destroy() {
    this.bar.remove();
  }
}
