// An address alone on a line becomes an embed: a card here, a link with a caption stored.
import { Node, Plugin, pm, updateAttrsDialog } from "django-prose-editor/editor";
import { embedView, pasted } from "./embed-view.js";

const { Selection } = pm.state;
// One step back undoes an embed, and not what was typed before.
const { closeHistory } = pm.history;
const ADDRESS = /^https?:\/\/[^\s<>"]+\.[^\s<>"]+$/i;
// Pictures have a place of their own.
const PICTURE = /\.(?:jpe?g|png|gif|webp|avif|svg)(?:[?#].*)?$/i;

// The empty paragraph the cursor is in, if an embed may take its place.
const emptyLine = ({ selection }, type) => {
  const { $from } = selection;
  const isEmpty = selection.empty && $from.parent.type.name === "paragraph" && !$from.parent.content.size;
  if (!isEmpty) return null;
  const at = $from.index(-1);
  return $from.node(-1).canReplaceWith(at, at + 1, type) ? $from : null;
};

const put = (tr, $from, type, href) => {
  const { paragraph } = tr.doc.type.schema.nodes;
  const isLast = $from.index(-1) === $from.node(-1).childCount - 1;
  const embed = type.createAndFill({ href });
  tr.replaceWith($from.before(), $from.after(), isLast ? [embed, paragraph.create()] : embed);
  const behind = tr.doc.resolve($from.before() + embed.nodeSize);
  return tr.setSelection(Selection.near(behind, 1)).scrollIntoView();
};

const ask = updateAttrsDialog(
  { href: { type: "string", format: "url", title: gettext("Address"), required: true } },
  { title: gettext("Embed a page, a film or a sound"), submitText: gettext("Embed") },
);

const EmbedCaption = Node.create({
  name: "embedCaption",
  content: "inline*",
  isolating: true,
  selectable: false,
  parseHTML: () => [{ tag: "figcaption", context: "embed/" }],
  renderHTML: () => ["figcaption", 0],
});

export const Embed = Node.create({
  name: "embed",
  priority: 1000,
  group: "block",
  content: "embedCaption",
  isolating: true,
  draggable: true,

  addOptions: () => ({ details: "" }),
  addExtensions: () => [EmbedCaption],
  addAttributes: () => ({ href: { rendered: false }, label: { default: "", rendered: false } }),

  parseHTML() {
    const link = (figure) => figure.querySelector(":scope > a[href]");
    return [
      {
        tag: "figure.embed",
        priority: 60,
        getAttrs: (figure) => {
          // With more in it, it is somebody else's figure.
          const others = figure.querySelector(":scope > :not(a:first-child, figcaption), a > *");
          if (!link(figure) || others) return false;
          const href = link(figure).getAttribute("href");
          const said = link(figure).textContent.trim();
          return { href, label: said === href ? "" : said };
        },
        contentElement: (figure) => {
          const caption = document.createElement("div");
          caption.append(...[...figure.querySelectorAll(":scope > figcaption")].map((e) => e.cloneNode(true)));
          return caption;
        },
      },
    ];
  },

  renderHTML({ node }) {
    const dom = document.createElement("figure");
    dom.className = "embed";
    const link = document.createElement("a");
    link.href = node.attrs.href;
    link.textContent = node.attrs.label || node.attrs.href;
    dom.append(link);
    return node.firstChild?.content.size ? { dom, contentDOM: dom } : { dom };
  },

  addNodeView() {
    return embedView(this.options.details);
  },

  addCommands() {
    return {
      insertEmbed: (href) => ({ state, tr, dispatch }) => {
        const $from = emptyLine(state, this.type);
        if (!$from || !dispatch) return Boolean($from);
        pasted.add(href);
        put(closeHistory(tr), $from, this.type, href);
        return true;
      },
    };
  },

  addProseMirrorPlugins() {
    const handlePaste = (view, event) => {
      const text = event.clipboardData?.getData("text/plain").trim() ?? "";
      const isMeant = ADDRESS.test(text) && !PICTURE.test(text) && emptyLine(view.state, this.type);
      return Boolean(isMeant) && this.editor.commands.insertEmbed(text);
    };
    return [new Plugin({ props: { handlePaste } })];
  },

  addKeyboardShortcuts() {
    return {
      // From the caption on with the text.
      Enter: ({ editor }) => {
        const { $from } = editor.state.selection;
        if ($from.parent.type.name !== "embedCaption") return false;
        const at = $from.after(-1);
        const { paragraph } = editor.schema.nodes;
        const tr = editor.state.tr.insert(at, paragraph.create());
        editor.view.dispatch(tr.setSelection(Selection.near(tr.doc.resolve(at + 1))).scrollIntoView());
        return true;
      },
    };
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "embed",
      groups: "nodes",
      button: buttons.material("smart_display", gettext("embed an address (or paste it on an empty line)")),
      enabled: (editor) => editor.can().insertEmbed(""),
      command: async (editor) => {
        const answer = ask(editor, { href: "" });
        // The library's headings stand one level too deep for this page.
        document.querySelector("h3.prose-editor-dialog-title")?.setAttribute("aria-level", "2");
        const attrs = await answer;
        if (attrs) editor.chain().focus().insertEmbed(attrs.href.trim()).run();
      },
    });
  },
});
