// A picture in the line, as older texts have it: kept as it was written.
import { Node } from "django-prose-editor/editor";
import { imageAttributes } from "./image-markup.js";

export const InlineImage = Node.create({
  name: "image",
  group: "inline",
  inline: true,
  draggable: true,

  addAttributes() {
    return { image: { default: { src: "" }, rendered: false, parseHTML: imageAttributes } };
  },

  parseHTML() {
    return [{ tag: "img[src]" }];
  },

  renderHTML({ node }) {
    return ["img", node.attrs.image];
  },
});
