// What of the elements of a picture is kept, as it was written.
const IMAGE = "src alt title width height class id srcset sizes loading decoding".split(" ");
const LINK = "href title rel target".split(" ");
const ALIGNMENTS = {
  "align-left": "left",
  alignleft: "left",
  "align-right": "right",
  alignright: "right",
  "align-wide": "wide",
  alignwide: "wide",
  alignfull: "wide",
};

const kept = (element, names) =>
  Object.fromEntries(
    names.filter((name) => element.hasAttribute(name)).map((name) => [name, element.getAttribute(name)]),
  );

export const imageAttributes = (element) => kept(element, IMAGE);
export const linkAttributes = (element) => kept(element, LINK);
export const frameAttributes = (element) => kept(element, ["class", "id"]);

/** The `<img>` of a figure that shows one picture, by itself or in a link. */
export const imageIn = (figure) => figure.querySelector(":scope > img[src], :scope > a > img[src]");

/** "left", "right", "wide" or "": how a figure with these classes stands. */
export const alignmentOf = (classes = "") =>
  classes.split(/\s+/).map((name) => ALIGNMENTS[name]).find(Boolean) ?? "";

export const withAlignment = (classes = "", alignment) => {
  const others = classes.split(/\s+/).filter((name) => name && !(name in ALIGNMENTS));
  return [...others, ...(alignment ? [`align-${alignment}`] : [])].join(" ");
};

/** The attributes of a picture node that shows a file of the library. */
export const pictureOf = ({ address, alt, width, height }) => ({
  frame: { class: "picture" },
  // Without words of its own it says what the library says of it, now or later.
  image: { src: address, ...(alt && { alt }), width: String(width), height: String(height) },
});

/** What stands below it to begin with. */
export const captionOf = ({ caption = "", credit = "" }) =>
  [caption, credit].map((words) => words.replace(/\s+/g, " ").trim()).filter(Boolean).join(" · ");
