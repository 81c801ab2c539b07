import { BuiltinError } from "../builtin.ts";

/** A glob read: pieces one after the other. */
export type Glob = readonly GlobPiece[];

export type GlobPiece =
  | { readonly kind: "text"; readonly text: string }
  /** `?`, `*` and `**`: one character, any number of them, and any number with separators among them. */
  | { readonly kind: "single" | "any" | "super" }
  | { readonly kind: "list"; readonly characters: string; readonly not: boolean }
  | { readonly kind: "range"; readonly low: string; readonly high: string; readonly not: boolean }
  | { readonly kind: "alternatives"; readonly globs: readonly Glob[] };

/** Alternatives may stand in each other so deep. */
const depthLimit = 200;

/**
 * Reads `{a,b}`, `[a-z]`, `[!abc]`, `*`, `**`, `?` and `\`-escapes. An alternative that is never closed ends with
 * the pattern.
 *
 * @throws BuiltinError in the words of OPA's library.
 */
export function readGlob(pattern: string): Glob {
  if (/\p{Cs}|\ufffd/u.test(pattern)) throw new BuiltinError("could not read rune");
  return new GlobReader(Array.from(pattern)).sequence(0);
}

class GlobReader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(characters: readonly string[]) {
    this.#characters = characters;
  }

  /** Up to the end, or inside alternatives to the next `,` or `}`, which stays unread. */
  sequence(depth: number): GlobPiece[] {
    const pieces: GlobPiece[] = [];
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (depth > 0 && (next === "," || next === "}")) return pieces;
      pieces.push(this.#piece(next, depth));
    }
    return pieces;
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #read(): string | undefined {
    return this.#characters[this.#at++];
  }

  #piece(next: string, depth: number): GlobPiece {
    switch (next) {
      case "?":
        this.#at++;
        return { kind: "single" };
      case "*":
        return this.#stars();
      case "[":
        this.#at++;
        return this.#range();
      case "{":
        this.#at++;
        return this.#alternatives(depth + 1);
      default:
        return { kind: "text", text: this.#text(depth > 0 ? "?*[{}," : "?*[{") };
    }
  }

  #stars(): GlobPiece {
    this.#at++;
    if (this.#peek() !== "*") return { kind: "any" };
    this.#at++;
    return { kind: "super" };
  }

  #alternatives(depth: number): GlobPiece {
    if (depth > depthLimit) throw new BuiltinError("alternatives nested too deep");
    const globs = [this.sequence(depth)];
    while (this.#read() === ",") globs.push(this.sequence(depth));
    return { kind: "alternatives", globs };
  }

  /** Text with its escapes resolved, up to one of the breakers. */
  #text(breakers: string): string {
    let text = "";
    for (let next = this.#peek(); next !== undefined && !breakers.includes(next); next = this.#peek()) {
      this.#at++;
      text += next === "\\" ? (this.#read() ?? "") : next;
    }
    return text;
  }

  #range(): GlobPiece {
    const not = this.#peek() === "!";
    if (not) this.#at++;
    const piece = this.#characters[this.#at + 1] === "-" ? this.#bounds(not) : this.#list(not);
    const close = this.#read();
    if (close === undefined) throw new BuiltinError("unexpected end of input");
    if (close !== "]") throw new BuiltinError("expected close range character");
    return checked(piece);
  }

  #bounds(not: boolean): GlobPiece {
    const low = this.#read() ?? "";
    this.#at++;
    const high = this.#read();
    if (high === undefined) throw new BuiltinError("unexpected end of input");
    return { kind: "range", low, high, not };
  }

  #list(not: boolean): GlobPiece {
    if (this.#peek() === undefined) throw new BuiltinError("unexpected end of input");
    return { kind: "list", characters: this.#text("]"), not };
  }
}

function checked(piece: GlobPiece): GlobPiece {
  if (piece.kind === "list" && piece.characters === "") throw new BuiltinError("could not parse range");
  if (piece.kind === "range" && codeOf(piece.high) < codeOf(piece.low)) {
    throw new BuiltinError(`hi character '${piece.high}' should be greater than lo '${piece.low}'`);
  }
  return piece;
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
