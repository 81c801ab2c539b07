import type { YAMLError } from "yaml";

/** How much text may be read again, in UTF-16 units. */
const rereadLimit = 8 * 1024 * 1024;

/** How often a text may be read again because of its size. */
export function rereads(text: string): number {
  return Math.min(32, Math.floor(rereadLimit / Math.max(text.length, 1)));
}

/**
 * The text with the lines of a quoted text moved to the right, where an error says that they stand too far left for YAML 1.2:
 * go-yaml takes them. Undefined where that is not what is wrong. What the text means stays, for folding drops the space.
 */
export function findIndented(text: string, { code, message, pos: [at] }: YAMLError): string | undefined {
  const quote = /^Missing closing (["'])quote/.exec(message)?.[1];
  const end = quote === undefined || code !== "MISSING_CHAR" ? -1 : closingQuote(text, quote, at);
  if (end === -1) return undefined;
  const lines = text.slice(at, end);
  if (!lines.includes("\n") || /\n(?:---|\.\.\.)(?:\s|$)/.test(lines)) return undefined;
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const indent = " ".repeat((/^[ -]*/.exec(text.slice(start, at))?.[0].length ?? 0) + 1);
  return text.slice(0, at) + lines.replaceAll("\n", `\n${indent}`) + text.slice(end);
}

/** Where the next quote is that closes; -1 where there is none. */
function closingQuote(text: string, quote: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (quote === '"' && text[i] === "\\") i++;
    else if (quote === "'" && text.startsWith("''", i)) i++;
    else if (text[i] === quote) return i;
  }
  return -1;
}
