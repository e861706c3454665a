// Word's lists are paragraphs that look like lists. Here they become lists.

const LEVEL = /mso-list:\s*l\d+\s+level(\d+)/i;
// “1.”, “a)”, “iv.”: what a mark of a numbered list reads.
const NUMBER = /^\(?([0-9]+|[a-z]{1,4})[.)]$/i;

const levelOf = (element) => {
  if (element?.localName !== "p") return 0;
  const match = LEVEL.exec(element.dataset.style ?? "");
  return match ? Number(match[1]) : 0;
};

/** Takes the mark off the front of a list's paragraph, and gives back what it read. */
const takeMark = (paragraph) => {
  const ignored = [...paragraph.querySelectorAll("span")].find((span) =>
    /mso-list:\s*ignore/i.test(span.dataset.style ?? ""),
  );
  const mark = ignored?.textContent.trim() ?? "";
  ignored?.remove();
  return mark;
};

const newList = (document, mark) => {
  const number = NUMBER.exec(mark)?.[1];
  const list = document.createElement(number ? "ol" : "ul");
  if (number > 1) list.setAttribute("start", number);
  return list;
};

/** Puts each run of such paragraphs below `root` into lists, as deep as they were. */
export function listWordParagraphs(root) {
  const { ownerDocument: document } = root;
  const paragraphs = [...root.querySelectorAll("p")].filter(levelOf);
  // The lists that are open, outermost first.
  let open = [];
  let last = null;
  for (const paragraph of paragraphs) {
    const level = levelOf(paragraph);
    const follows = last && paragraph.previousElementSibling === open[0];
    if (!follows) open = [];
    const mark = takeMark(paragraph);
    const isNumbered = NUMBER.test(mark) ? "ol" : "ul";
    open = open.slice(0, level);
    // Another kind at the same depth is another list.
    if (open.length === level && open[level - 1].localName !== isNumbered) open.pop();
    while (open.length < level) {
      const list = newList(document, mark);
      const above = open.at(-1);
      if (!above) paragraph.before(list);
      else {
        if (!above.lastElementChild) above.append(document.createElement("li"));
        above.lastElementChild.append(list);
      }
      open.push(list);
    }
    const item = document.createElement("li");
    item.append(paragraph);
    open.at(-1).append(item);
    last = paragraph;
  }
}
