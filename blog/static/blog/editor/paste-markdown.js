// Is a plain text written in Markdown? Only where nobody would take it for prose.

const FENCE = /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1\s*$/m;
const LINK = /\[[^\][\n]+\]\((?:https?:\/\/|mailto:|[/#.])[^)\s]*(?:\s+"[^"\n]*")?\)/;
const LOUD = /(?<![*\w])\*\*(?=\S)[^*\n]*\S\*\*(?![*\w])/;
const TABLE = /^\|?(?:[^|\n]+\|)+[^|\n]*\|?[ \t]*\n\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/m;
// Above and below a heading is nothing: a comment of a script has its line below it.
const HEADING = /(?:^|\n[ \t]*\n)#{1,6} \S[^\n]*(?=\n[ \t]*\n|\n?$)/;
const ITEM = /^[ \t]{0,3}(?:[-*+]|\d{1,3}[.)])[ \t]+\S/;
const QUOTE = /^> ?\S/;

const runs = (lines, pattern) => {
  let longest = 0;
  let run = 0;
  for (const line of lines) {
    // What is set in, or nothing, belongs to the item above.
    if (pattern.test(line)) run += 1;
    else if (line.trim() && !/^\s/.test(line)) run = 0;
    longest = Math.max(longest, run);
  }
  return longest;
};

export function looksLikeMarkdown(text) {
  const source = text.replace(/\r\n?/g, "\n");
  if (source.length > 1_000_000) return false;
  if ([FENCE, LINK, LOUD, TABLE, HEADING].some((sign) => sign.test(source))) return true;
  const lines = source.split("\n");
  return runs(lines, ITEM) >= 2 || runs(lines, QUOTE) >= 2;
}

/** The HTML of a text in Markdown, by the server; null where it can't be asked. */
export async function askForHTML(text, address, token) {
  try {
    const body = new URLSearchParams({ text });
    const headers = { "X-CSRFToken": token };
    const answer = await fetch(address, { method: "POST", headers, body });
    return answer.ok ? (await answer.json()).html : null;
  } catch {
    return null;
  }
}
