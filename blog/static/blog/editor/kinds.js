// What a paragraph is: text, a heading or code. One list, because it is one of them.
import { crel } from "django-prose-editor/editor";

export function kindChoice(editor) {
  const { levels } = editor.extensionManager.extensions.find(
    (extension) => extension.name === "heading",
  ).options;
  const kinds = [
    ["paragraph", gettext("Text"), "0", (chain) => chain.setParagraph()],
    ...levels.map((level, index) => [
      `heading${level}`,
      [gettext("Heading"), gettext("Subheading"), gettext("Minor heading")][index] ?? interpolate(gettext("Heading %(level)s"), { level }, true),
      `${level}`,
      (chain) => chain.setHeading({ level }),
    ]),
    ["codeBlock", gettext("Code"), "C", (chain) => chain.setCodeBlock()],
  ];
  const select = crel(
    "select",
    { className: "writing-bar__kinds", "aria-label": gettext("Kind of paragraph") },
    kinds.map(([value, textContent, key]) =>
      crel("option", { value, textContent, title: `Ctrl+Alt+${key}` }),
    ),
  );
  select.title = gettext("Kind of paragraph (Ctrl+Alt+0, 2, 3, 4, C)");
  let isPointed = false;
  select.addEventListener("pointerdown", () => (isPointed = true));
  select.addEventListener("keydown", () => (isPointed = false));
  select.addEventListener("change", () => {
    const [, , , set] = kinds.find(([value]) => value === select.value);
    set(editor.chain()).run();
    // By keys one may go on choosing.
    if (isPointed) editor.view.focus();
  });
  const level = () => levels.find((one) => editor.isActive("heading", { level: one }));
  return {
    name: "kind",
    button: select,
    groups: new Set(),
    hidden: () => false,
    active: () => false,
    enabled: () => true,
    update() {
      const heading = level();
      const code = editor.isActive("codeBlock") ? "codeBlock" : "paragraph";
      select.value = heading ? `heading${heading}` : code;
    },
  };
}
