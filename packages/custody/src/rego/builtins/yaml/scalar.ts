import { resolveScalar, UnsupportedFloat } from "./resolve.ts";

/** Where a text stands. */
export interface TextPlace {
  readonly indent: number;
  readonly column: number;
  /** Names stay on one line. */
  readonly isName: boolean;
}

const bestWidth = 80;

/** Characters that stand for themselves in every style. */
const printable = /^[\n -~\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/;

/** A text of one line: plain, or else in the quotes that it needs. */
export function writeText(text: string, place: TextPlace): string {
  const words = place.isName || text.startsWith(" ") ? [text] : folded(text, place);
  const line = words.join(`\n${" ".repeat(place.indent)}`);
  if (!printable.test(text) || text.includes("\n") || isOther(text)) return doubleQuoted(text);
  return isPlain(text) ? line : `'${line.replaceAll("'", "''")}'`;
}

/** Would be read as something else than a text: in double quotes. */
function isOther(text: string): boolean {
  try {
    if (typeof resolveScalar(text) !== "string") return true;
  } catch (error) {
    if (error instanceof UnsupportedFloat) return true;
    throw error;
  }
  return (
    /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]|$)/.test(text) || /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/.test(text)
  );
}

function isPlain(text: string): boolean {
  if (/^(?:---|\.\.\.)|^ | $|: |:$| #/.test(text)) return false;
  return !/^[#,[\]{}&*!|>'"%@`]|^[-?:](?: |$)/.test(text);
}

/** Lines that break at a space past the best width. */
function folded(text: string, { indent, column }: TextPlace): readonly string[] {
  const lines: string[] = [];
  const quote = isPlain(text) ? 0 : 1;
  let start = 0;
  let left = column + quote;
  for (let i = 1; i < text.length - 1; i++) {
    const wide = left + (i - start) > bestWidth;
    if (!wide || text[i] !== " " || text[i + 1] === " " || text[i - 1] === " ") continue;
    lines.push(text.slice(start, i));
    start = i + 1;
    left = indent;
  }
  return [...lines, text.slice(start)];
}

const escapes: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\u0007": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\u001b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
  "\u0085": "\\N",
  "\u00a0": "\\_",
  "\u2028": "\\L",
  "\u2029": "\\P",
};

function doubleQuoted(text: string): string {
  const inner = Array.from(text, (character) => {
    const escape = escapes[character];
    if (escape !== undefined) return escape;
    if (printable.test(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    const digits = code.toString(16).toUpperCase();
    if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
    return code < 0x1_0000 ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
  });
  return `"${inner.join("")}"`;
}

/** A text of many lines, each on its own. */
export function writeLiteral(text: string, indent: number): string {
  if (!printable.test(text) || / \n/.test(text)) return doubleQuoted(text);
  const hint = /^[ \n]/.test(text) ? "2" : "";
  const chomp = /(?:^|\n)\n$/.test(text) ? "+" : text.endsWith("\n") ? "" : "-";
  const margin = " ".repeat(indent);
  const lines = text.replace(/\n$/, "").split("\n");
  return `|${hint}${chomp}\n${lines.map((line) => (line === "" ? "" : margin + line)).join("\n")}`;
}
