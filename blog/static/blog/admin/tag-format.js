// Tags as one line: `north korea, "talks, six-party"`. The rules of blog/tag_input.py.

// The names in a line, or in lines that were pasted; empty ones left out.
export const split = (typed) => {
  const names = [];
  let name = "";
  let isQuoted = false;
  let isBegun = false;
  const end = () => {
    if (name.trim()) names.push(name.trim());
    name = "";
    isQuoted = false;
    isBegun = false;
  };
  for (let at = 0; at < typed.length; at += 1) {
    const sign = typed[at];
    if (isQuoted) {
      if (sign !== '"') name += sign;
      else if (typed[at + 1] === '"') name += typed[(at += 1)];
      else isQuoted = false;
    } else if (sign === "," || sign === "\n" || sign === "\r") end();
    else if (sign === '"' && !isBegun) {
      isQuoted = true;
      isBegun = true;
    } else if (sign !== " " || isBegun) {
      name += sign;
      isBegun = true;
    }
  }
  end();
  return names;
};

const quoted = (name) => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

export const join = (names) => names.map(quoted).join(", ");

// Whether a line ends within quotes: a comma would be part of the name.
export const isOpen = (typed) => {
  const last = typed.trimStart();
  return last.startsWith('"') && (last.match(/"/g).length % 2 === 1);
};
