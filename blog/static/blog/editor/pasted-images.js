// Pictures that come with what is pasted: files, or data in the HTML itself.

const PICTURE = /^image\//;

/** The files of a clipboard, if it holds a picture and not a text with pictures. */
export const imagesIn = (clipboard) => {
  const files = [...(clipboard?.files ?? [])].filter(({ type }) => PICTURE.test(type));
  const html = clipboard?.getData("text/html");
  if (!files.length || !html) return files;
  // Word and its like send a picture of the text, too: the text is what one wants.
  const { body } = new DOMParser().parseFromString(html, "text/html");
  return body.textContent.trim() ? [] : files;
};

const addressOf = (node) => (["picture", "image"].includes(node.type.name) ? node.attrs.image.src : "");

/** Every node that holds its picture as `data:`: `{ node, position }`, last first. */
export const embedded = (doc) => {
  const found = [];
  doc.descendants((node, position) => {
    if (/^\s*data:/i.test(addressOf(node))) found.push({ node, position });
  });
  return found.reverse();
};

/** Take them out of the text; `{ file, position }` of each that is a picture. */
export const withoutEmbedded = (tr, found) => {
  const taken = found.map(({ node, position }) => {
    tr.delete(position, position + node.nodeSize);
    return { file: fileOf(addressOf(node)), step: tr.mapping.maps.length, position };
  });
  return taken
    .filter(({ file }) => file)
    .map(({ file, step, position }) => ({ file, position: tr.mapping.slice(step).map(position) }))
    .reverse();
};

const fileOf = (address) => {
  const parts = /^\s*data:(image\/[\w.+-]+)((?:;[^;,]*)*),(.*)$/is.exec(address);
  if (!parts) return null;
  const [, type, parameters, data] = parts;
  try {
    const text = /;base64/i.test(parameters) ? atob(data.replace(/\s/g, "")) : decodeURIComponent(data);
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    return new File([bytes], `pasted.${type.slice(6).replace(/\W.*/, "")}`, { type });
  } catch {
    return null;
  }
};
