// Code with its language: typed behind the fence, or chosen above the text.
import {
  CodeBlock as LibraryCodeBlock,
  crel,
  textblockTypeInputRule,
} from "django-prose-editor/editor";

const LANGUAGES = {
  bash: "Bash", c: "C", cpp: "C++", csharp: "C#", css: "CSS", diff: "Diff", go: "Go",
  html: "HTML", ini: "INI", java: "Java", javascript: "JavaScript", json: "JSON",
  kotlin: "Kotlin", latex: "LaTeX", lua: "Lua", markdown: "Markdown", perl: "Perl",
  php: "PHP", python: "Python", r: "R", ruby: "Ruby", rust: "Rust", sql: "SQL",
  swift: "Swift", toml: "TOML", typescript: "TypeScript", xml: "XML", yaml: "YAML",
};
const SHORT = {
  "c++": "cpp", "c#": "csharp", js: "javascript", ts: "typescript", py: "python",
  rb: "ruby", rs: "rust", sh: "bash", shell: "bash", yml: "yaml", md: "markdown",
};

/** The name a language is stored under, whatever it was called; null for none. */
export function languageName(typed) {
  const name = (typed ?? "").toLowerCase();
  const known = SHORT[name] ?? name;
  return /^[a-z0-9][a-z0-9_-]*$/.test(known) ? known : null;
}

const choice = (editor) => {
  const select = crel("select", { "aria-label": gettext("Language of the code") }, [
    crel("option", { value: "", textContent: gettext("No language") }),
    ...Object.entries(LANGUAGES).map(([value, textContent]) =>
      crel("option", { value, textContent }),
    ),
  ]);
  select.title = gettext("Language of the code");
  select.addEventListener("change", () => {
    const language = select.value || null;
    editor.chain().updateAttributes("codeBlock", { language }).run();
  });
  return select;
};

export const CodeBlock = LibraryCodeBlock.extend({
  addInputRules() {
    const getAttributes = (match) => ({ language: languageName(match[1]) });
    const fences = [/^```([\w+#-]*)[\s\n]$/, /^~~~([\w+#-]*)[\s\n]$/];
    return fences.map((find) =>
      textblockTypeInputRule({ find, type: this.type, getAttributes }),
    );
  },

  // The library's own makes a block of every word copied from one editor.
  addProseMirrorPlugins: () => [],

  addMenuItems({ menu }) {
    const select = choice(this.editor);
    menu.defineItem({
      name: "codeLanguage",
      groups: "context",
      button: select,
      hidden: (editor) => !editor.isActive("codeBlock"),
      update(editor) {
        const { language } = editor.getAttributes("codeBlock");
        const isNew = language && !(language in LANGUAGES);
        if (isNew && ![...select.options].some(({ value }) => value === language))
          select.append(crel("option", { value: language, textContent: language }));
        select.value = language ?? "";
      },
    });
  },
});
