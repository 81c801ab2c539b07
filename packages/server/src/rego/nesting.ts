const quotation = 0x22;
const backslash = 0x5c;
const openings = new Set([0x5b, 0x7b]);
const closings = new Set([0x5d, 0x7d]);

/** True when the arrays and objects of a JSON text stand deeper in each other than the limit. */
export function isNestedDeeper(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quotation) at = endOfString(text, at);
    else if (openings.has(code)) depth++;
    else if (closings.has(code)) depth--;
    if (depth > limit) return true;
  }
  return false;
}

function endOfString(text: string, begin: number): number {
  let at = begin + 1;
  while (at < text.length && text.charCodeAt(at) !== quotation)
    at += text.charCodeAt(at) === backslash ? 2 : 1;
  return at;
}
