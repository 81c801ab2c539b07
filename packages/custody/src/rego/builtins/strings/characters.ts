/*
 * Rego counts a string in code points, JavaScript in UTF-16 units.
 */

const beyondUnit = /[\ud800-\udfff]/;

/** True where each character is one UTF-16 unit, so that indices and lengths are JavaScript's own. */
function isOneToOne(text: string): boolean {
  return !beyondUnit.test(text);
}

export function countCharacters(text: string): number {
  if (isOneToOne(text)) return text.length;
  let count = 0;
  for (let i = 0; i < text.length; i += (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1) count++;
  return count;
}

/** The characters from one index to another, not included. */
export function sliceCharacters(text: string, start: number, end: number): string {
  if (isOneToOne(text)) return text.slice(start, end);
  return Array.from(text).slice(start, end).join("");
}
