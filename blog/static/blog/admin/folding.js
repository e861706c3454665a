// Text without case and accents, to compare what is typed with what there is.

export const fold = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();

// Typing in a field that only helps is no change of the post.
export const keepToItself = (element) => {
  for (const type of ["input", "change"]) {
    element.addEventListener(type, (event) => event.stopPropagation());
  }
};
