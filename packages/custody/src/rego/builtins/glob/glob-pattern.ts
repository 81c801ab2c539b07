import { quoteMeta } from "../regex/template.ts";
import type { Glob, GlobPiece } from "./glob-reader.ts";

/** The pattern of Go's `regexp` that matches what the glob matches. Lists and ranges match separators too. */
export function globPattern(glob: Glob, separators: readonly string[]): string {
  const plain = separators.length === 0 ? "(?s:.)" : `[^${separators.map(classMember).join("")}]`;
  return glob.map((piece) => piecePattern(piece, plain, separators)).join("");
}

function piecePattern(piece: GlobPiece, plain: string, separators: readonly string[]): string {
  switch (piece.kind) {
    case "text":
      return quoteMeta(piece.text);
    case "single":
      return plain;
    case "any":
      return `${plain}*`;
    case "super":
      return "(?s:.*)";
    case "list":
      return `[${piece.not ? "^" : ""}${Array.from(piece.characters, classMember).join("")}]`;
    case "range":
      return `[${piece.not ? "^" : ""}${classMember(piece.low)}-${classMember(piece.high)}]`;
    default:
      return `(?:${piece.globs.map((glob) => globPattern(glob, separators)).join("|")})`;
  }
}

/** A character of a class, by its number, so that none means anything else. */
function classMember(character: string): string {
  return `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
