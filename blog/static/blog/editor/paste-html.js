// HTML from elsewhere, freed of what was about its looks: what it says and how it is
// built stays. Works on a document of its own; nothing in it is run or fetched.
import { listWordParagraphs } from "./paste-word.js";

const THROWN = "script, style, meta, link, title, noscript, template, xml, o\\:p:empty, svg, button, input, select, textarea, iframe[hidden], [aria-hidden=true], .sr-only";
const TRACKING = /^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid)$/i;
const ATTRIBUTES = new Set([
  "href", "src", "alt", "title", "colspan", "rowspan", "start", "type", "cite", "width", "height",
]);
const BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, li, td, th, blockquote, section, article";

const rename = (element, name) => {
  const other = element.ownerDocument.createElement(name);
  for (const { name: key, value } of element.attributes) other.setAttribute(key, value);
  other.append(...element.childNodes);
  element.replaceWith(other);
  return other;
};

const wrapContent = (element, name) => {
  const mark = element.ownerDocument.createElement(name);
  mark.append(...element.childNodes);
  element.append(mark);
};

const unwrap = (element) => element.replaceWith(...element.childNodes);

const probe = document.createElement("span");

/** What a style says of its element that is more than looks, as the names of elements. */
const saidByStyle = (element) => {
  probe.style.cssText = element.dataset.style;
  const { fontWeight, fontStyle, verticalAlign, textDecorationLine } = probe.style;
  const isHeading = element.matches("h1, h2, h3, h4, h5, h6, th");
  const isBold = /^bold/.test(fontWeight) || Number(fontWeight) >= 600;
  const said = [];
  if (isBold && !isHeading && !element.closest("b, strong")) said.push("strong");
  if (fontStyle === "italic" && !element.closest("i, em")) said.push("em");
  if (/line-through/.test(textDecorationLine)) said.push("s");
  if (/^su(?:b|per)$/.test(verticalAlign)) said.push(verticalAlign.replace("er", ""));
  // Google Docs wraps all it copies into a bold that is none.
  const isUndone =
    (element.matches("b, strong") && /^(?:normal|[1-5]00)$/.test(fontWeight)) ||
    (element.matches("i, em") && fontStyle === "normal");
  return { said, isUndone };
};

const styleToElements = (root) => {
  for (const element of root.querySelectorAll("[data-style]")) {
    const { said, isUndone } = saidByStyle(element);
    if (isUndone) unwrap(element);
    else if (element.textContent.trim()) for (const name of said) wrapContent(element, name);
  }
};

const language = (pre) => {
  const around = [pre.querySelector("code"), pre, pre.parentElement];
  const names = around.map((element) => element?.className ?? "").join(" ");
  return /(?:language-|lang-|highlight-source-|brush:\s*)([\w+#-]+)/i.exec(names)?.[1];
};

/** Code keeps its lines and its language, and nothing else. */
const plainCode = (root) => {
  for (const pre of root.querySelectorAll("pre")) {
    const name = language(pre)?.toLowerCase();
    for (const br of pre.querySelectorAll("br")) br.replaceWith("\n");
    const code = root.ownerDocument.createElement("code");
    code.textContent = pre.textContent.replace(/\n$/, "");
    pre.replaceChildren(code);
    if (name) code.className = `language-${name}`;
  }
};

/** Headings begin below the title of the post, and end where the editor's end. */
const lowerHeadings = (root) => {
  for (const heading of root.querySelectorAll("h1")) rename(heading, "h2");
  for (const heading of root.querySelectorAll("h5, h6")) rename(heading, "h4");
  for (const title of root.querySelectorAll("p.MsoTitle")) rename(title, "h2");
};

const cleanAddress = (typed) => {
  let address;
  try {
    address = new URL(typed);
  } catch {
    return typed;
  }
  const isGoogle = /^(?:www\.)?google\.\w+$/.test(address.hostname) && address.pathname === "/url";
  const target = isGoogle && address.searchParams.get("q");
  if (target) return cleanAddress(target);
  const names = [...new Set(address.searchParams.keys())].filter((name) => TRACKING.test(name));
  for (const name of names) address.searchParams.delete(name);
  return names.length ? address.href : typed;
};

const cleanLinks = (root) => {
  for (const link of root.querySelectorAll("a")) {
    const href = link.getAttribute("href") ?? "";
    // A place in the document it came from, a file of that machine, a script.
    if (!href || /^(?:#|file:|javascript:|about:|data:|blob:)/i.test(href.trim())) unwrap(link);
    else link.setAttribute("href", cleanAddress(href));
  }
};

const plainAttributes = (root) => {
  for (const element of root.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) {
      const isLanguage = name === "class" && element.matches("pre > code");
      const isBreak = /^(?:colspan|rowspan)$/.test(name) && element.getAttribute(name) === "1";
      if ((!ATTRIBUTES.has(name) && !isLanguage) || isBreak) element.removeAttribute(name);
    }
  }
};

const dropEmpty = (root) => {
  for (const br of root.querySelectorAll("br.Apple-interchange-newline")) br.remove();
  for (const block of root.querySelectorAll("p, h2, h3, h4, h5, h6")) {
    const isEmpty = !block.textContent.replace(/\u00a0/g, " ").trim();
    if (isEmpty && !block.querySelector("img, hr, iframe, video, audio")) block.remove();
  }
  // Google Docs parts its blocks by line breaks that stand between them.
  for (const br of root.querySelectorAll("br")) {
    const beside = [br.previousElementSibling, br.nextElementSibling];
    const isBetween = beside.some((one) => one?.matches(`${BLOCKS}, ul, ol, table, pre`));
    if (isBetween && !br.closest("p, li, td, th, pre")) br.remove();
  }
};

const plainSpaces = (root) => {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { currentNode: text } = walker;
    if (text.parentElement.closest("pre")) continue;
    // One alone may be meant; beside others it was there for the looks.
    text.data = text.data.replace(/[ \u00a0\n\t]*\u00a0[ \u00a0\n\t]+|[ \n\t]+\u00a0/g, " ");
  }
};

/** `html` as it was copied, as HTML without its looks. */
export function cleanHTML(html) {
  // The policy of this page holds for a document that is never shown, too.
  const quiet = html
    .replace(/<style\b[^]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));
  const { body } = new DOMParser().parseFromString(quiet, "text/html");
  for (const thrown of body.querySelectorAll(THROWN)) thrown.remove();
  for (const spaces of body.querySelectorAll("[class~=Apple-converted-space]")) unwrap(spaces);
  listWordParagraphs(body);
  plainCode(body);
  styleToElements(body);
  lowerHeadings(body);
  cleanLinks(body);
  plainAttributes(body);
  dropEmpty(body);
  plainSpaces(body);
  return body.innerHTML;
}
