import { anyCharacter, charsetOf, complement, perlClasses } from "./charset.ts";
import type { Charset } from "./charset.ts";

/** A pattern of the few constructs that mean the same in RE2 and in JavaScript. */
export type SimpleNode =
  | { readonly kind: "set"; readonly set: Charset }
  | { readonly kind: "sequence"; readonly parts: readonly SimpleNode[] }
  | { readonly kind: "choice"; readonly options: readonly SimpleNode[] }
  | { readonly kind: "group"; readonly body: SimpleNode }
  | { readonly kind: "repeat"; readonly body: SimpleNode; readonly least: number; readonly most: number };

export interface SimplePattern {
  readonly body: SimpleNode;
  /** `^` at the very beginning. */
  readonly isAnchored: boolean;
  /** `$` at the very end. */
  readonly isWhole: boolean;
}

/** The pattern, or undefined for one that has other constructs, or is none. */
export function findSimplePattern(pattern: string): SimplePattern | undefined {
  const isAnchored = pattern.startsWith("^");
  const isWhole = /(?:^|[^\\])(?:\\\\)*\$$/.test(pattern);
  const reader = new PatternReader(pattern.slice(isAnchored ? 1 : 0, isWhole ? -1 : undefined));
  try {
    const body = reader.readChoice();
    if (!reader.isDone) return undefined;
    // Anchors would belong to one option only.
    if (body.kind === "choice" && (isAnchored || isWhole)) return undefined;
    return { body, isAnchored, isWhole };
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

/** Something that is left to RE2. */
class Unsupported extends Error {}

const literal = /^[A-Za-z0-9 !"#%&',\-/:;<=>@_`~]$/;
const escapedLiteral = /^[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]$/;
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, f: 12, r: 13 };
const repeatLimit = 64;
const depthLimit = 20;

class PatternReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isDone(): boolean {
    return this.#at === this.#text.length;
  }

  readChoice(): SimpleNode {
    if (++this.#depth > depthLimit) throw new Unsupported();
    const options = [this.#readSequence()];
    while (this.#take("|")) options.push(this.#readSequence());
    this.#depth--;
    return options.length === 1 && options[0] ? options[0] : { kind: "choice", options };
  }

  #readSequence(): SimpleNode {
    const parts: SimpleNode[] = [];
    while (!this.isDone && !"|)".includes(this.#peek())) parts.push(this.#readRepeat());
    return { kind: "sequence", parts };
  }

  #readRepeat(): SimpleNode {
    const body = this.#readAtom();
    const bounds = this.#findBounds();
    if (!bounds) return body;
    // A second repeat, or one that takes as little as it can.
    if (!this.isDone && "*+?{".includes(this.#peek())) throw new Unsupported();
    return { kind: "repeat", body, ...bounds };
  }

  #findBounds(): { readonly least: number; readonly most: number } | undefined {
    if (this.#take("*")) return { least: 0, most: Infinity };
    if (this.#take("+")) return { least: 1, most: Infinity };
    if (this.#take("?")) return { least: 0, most: 1 };
    if (this.#peek() !== "{") return undefined;
    const [whole, least = "", comma, most = ""] =
      /^\{(\d{1,2})(?:(,)(\d{0,2}))?\}/.exec(this.#text.slice(this.#at, this.#at + 8)) ?? [];
    if (whole === undefined) throw new Unsupported();
    this.#at += whole.length;
    const bounds = {
      least: Number(least),
      most: comma ? (most === "" ? Infinity : Number(most)) : Number(least),
    };
    if (bounds.least > repeatLimit || bounds.least > bounds.most || bounds.most === 0)
      throw new Unsupported();
    return bounds;
  }

  #readAtom(): SimpleNode {
    if (this.#take("(")) return this.#readGroup();
    if (this.#take("[")) return { kind: "set", set: this.#readClass() };
    if (this.#take(".")) return { kind: "set", set: anyCharacter };
    if (this.#take("\\")) return { kind: "set", set: this.#readEscape() };
    const character = this.#next();
    if (!literal.test(character)) throw new Unsupported();
    return { kind: "set", set: single(character) };
  }

  #readGroup(): SimpleNode {
    const isSilent = this.#take("?");
    if (isSilent && !this.#take(":")) throw new Unsupported();
    const body = this.readChoice();
    if (!this.#take(")")) throw new Unsupported();
    return isSilent ? body : { kind: "group", body };
  }

  #readClass(): Charset {
    const isNegated = this.#take("^");
    const ranges: Charset[] = [];
    while (!this.#take("]")) ranges.push(this.#readRange());
    if (ranges.length === 0) throw new Unsupported();
    const set = charsetOf(ranges.flat());
    return isNegated ? complement(set) : set;
  }

  #readRange(): Charset {
    const first = this.#readMember();
    const isRange = this.#peek() === "-" && !["]", ""].includes(this.#text.charAt(this.#at + 1));
    if (!isRange) return first;
    this.#at++;
    const [from, to] = [onlyCode(first), onlyCode(this.#readMember())];
    if (from > to) throw new Unsupported();
    return [[from, to]];
  }

  #readMember(): Charset {
    if (this.#take("\\")) return this.#readEscape();
    const character = this.#next();
    // `[` may begin a class by name.
    if (!literal.test(character) && !".*+?()|${}".includes(character)) throw new Unsupported();
    return single(character);
  }

  #readEscape(): Charset {
    const character = this.#next();
    const named = Object.hasOwn(perlClasses, character) ? perlClasses[character] : undefined;
    if (named) return named;
    const control = Object.hasOwn(controls, character) ? controls[character] : undefined;
    if (control !== undefined) return [[control, control]];
    if (!escapedLiteral.test(character)) throw new Unsupported();
    return single(character);
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #next(): string {
    if (this.isDone) throw new Unsupported();
    return this.#text.charAt(this.#at++);
  }

  #take(character: string): boolean {
    if (this.#peek() !== character || character === "") return false;
    this.#at++;
    return true;
  }
}

function single(character: string): Charset {
  const code = character.charCodeAt(0);
  return [[code, code]];
}

function onlyCode(set: Charset): number {
  const [range] = set;
  if (set.length !== 1 || !range || range[0] !== range[1]) throw new Unsupported();
  return range[0];
}
