// How an embed looks while one writes: what its page says of itself, and what to do with it.

import { pm } from "django-prose-editor/editor";

// Addresses that came in just now: one that nobody knows anything of is a link again.
export const pasted = new Set();

const answers = new Map();

const details = (address, href) => {
  if (!answers.has(href)) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ url: href });
    const asked = fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token } });
    const told = asked.then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
    answers.set(href, told);
    // Where the blog itself could not be asked, the next time may be better.
    told.then((said) => said ?? answers.delete(href));
  }
  return answers.get(href);
};

const make = (tag, className, text = "") => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
};

const button = (label, act) => {
  const element = make("button", "embed-button", label);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
};

const asLink = (editor, getPos, node) => {
  const { schema, tr } = editor.state;
  const { href, label } = node.attrs;
  const link = schema.text(label || href, [schema.marks.link.create({ href })]);
  const caption = node.firstChild.content;
  const lines = [schema.nodes.paragraph.create(null, link)];
  if (caption.size) lines.push(schema.nodes.paragraph.create(null, caption));
  const change = tr.replaceWith(getPos(), getPos() + node.nodeSize, lines);
  editor.view.dispatch(pm.history.closeHistory(change));
};

export const embedView = (address) => ({ node: first, editor, getPos }) => {
  let node = first;
  const dom = make("figure", "embed");
  const card = make("div", "embed-preview");
  card.contentEditable = "false";
  const picture = document.createElement("img");
  picture.alt = "";
  picture.hidden = true;
  const title = make("span", "embed-title", node.attrs.label || node.attrs.href);
  const source = make("span", "embed-source", gettext("Asking what it is …"));
  source.setAttribute("role", "status");
  const words = make("span", "embed-words");
  words.append(title, source);
  const buttons = make("span", "embed-buttons");
  buttons.append(
    button(gettext("As a link instead"), () => {
      asLink(editor, getPos, node);
      editor.commands.focus();
    }),
    button(gettext("Remove"), () => {
      const at = getPos();
      editor.chain().focus().deleteRange({ from: at, to: at + node.nodeSize }).run();
    }),
  );
  card.append(picture, words, buttons);
  const contentDOM = make("div", "embed-caption");
  dom.append(card, contentDOM);

  const show = (said) => {
    const isFresh = pasted.delete(node.attrs.href);
    if (getPos() === undefined) return;
    if (isFresh && said && !said.is_known && !said.player) {
      asLink(editor, getPos, node);
      return;
    }
    const { title: name, author, site, picture: src, player } = said ?? {};
    if (name) title.textContent = name;
    source.textContent = [author, site].filter(Boolean).join(" · ") || new URL(node.attrs.href, location.href).host;
    if (player) source.textContent += ` · ${interpolate(gettext("plays from %(player)s when a reader asks"), { player }, true)}`;
    if (src) picture.src = src;
    picture.hidden = !src;
  };
  details(address, node.attrs.href).then(show);

  return {
    dom,
    contentDOM,
    update(changed) {
      if (changed.type !== node.type || changed.attrs.href !== node.attrs.href) return false;
      node = changed;
      dom.classList.toggle("has-caption", node.firstChild.content.size > 0);
      return true;
    },
    stopEvent: (event) => buttons.contains(event.target),
    ignoreMutation: (mutation) => mutation.type !== "selection" && !contentDOM.contains(mutation.target),
  };
};
