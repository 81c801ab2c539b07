import { quote } from "../../values/index.ts";

/** Why a text is not JSON, in the words of Go's decoder. */
export function explainJson(text: string): string {
  const scanner = new Scanner(text);
  try {
    scanner.value();
    return scanner.trailing();
  } catch (error) {
    if (error instanceof Explanation) return error.message;
    throw error;
  }
}

class Explanation extends Error {}

const depthLimit = 10_000;

/** Reads a text that JSON.parse has refused, to the place where it goes wrong. */
class Scanner {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): void {
    const next = this.#peek(this.#at === 0 ? "EOF" : "unexpected EOF");
    if (next === "{") this.#members("}", () => this.#member());
    else if (next === "[") this.#members("]", () => this.value());
    else if (next === '"') this.#string();
    else if (next === "-" || isDigit(next)) this.#number();
    else this.#word(next);
  }

  /** What follows the whole value. */
  trailing(): string {
    const rest = this.#text.slice(this.#at).trimStart();
    const word = /^(?:true|false)/.exec(rest)?.[0];
    if (word) return `error: invalid character '%!s(bool=${word})' after top-level value`;
    const token = /^(?:"((?:[^"\\]|\\.)*)"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|[{[])/s.exec(rest);
    if (!token) return `invalid character ${shown(rest)} looking for beginning of value`;
    return `error: invalid character '${token[1] ?? token[0]}' after top-level value`;
  }

  #members(end: "}" | "]", member: () => void): void {
    if (++this.#depth > depthLimit) throw new Explanation("exceeded max depth");
    this.#at++;
    if (this.#peek() === end) {
      this.#leave();
      return;
    }
    const place = end === "}" ? "after object key:value pair" : "after array element";
    for (member(); this.#peek() !== end; member()) {
      if (this.#peek() !== ",") throw this.#unexpected(place);
      this.#at++;
    }
    this.#leave();
  }

  #leave(): void {
    this.#at++;
    this.#depth--;
  }

  #member(): void {
    if (this.#peek() !== '"') throw this.#unexpected("looking for beginning of object key string");
    this.#string();
    if (this.#peek() !== ":") throw this.#unexpected("after object key");
    this.#at++;
    this.value();
  }

  #string(): void {
    for (this.#at++; this.#current() !== '"'; this.#at++) {
      if (this.#current() === "\\") this.#escape();
      else if (this.#current() < " ") throw this.#unexpected("in string literal");
    }
    this.#at++;
  }

  #escape(): void {
    this.#at++;
    if (this.#current() === "u") {
      for (let i = 0; i < 4; i++) {
        this.#at++;
        if (!/[0-9a-f]/i.test(this.#current())) throw this.#unexpected("in \\u hexadecimal character escape");
      }
    } else if (!'bfnrt\\/"'.includes(this.#current())) throw this.#unexpected("in string escape code");
  }

  #number(): void {
    if (this.#current() === "-") this.#at++;
    if (this.#current() === "0") this.#at++;
    else this.#digits("in numeric literal");
    if (this.#text[this.#at] === ".") {
      this.#at++;
      this.#digits("after decimal point in numeric literal");
    }
    if (!/[eE]/.test(this.#text[this.#at] ?? "")) return;
    this.#at++;
    if (/[+-]/.test(this.#current())) this.#at++;
    this.#digits("in exponent of numeric literal");
  }

  #digits(place: string): void {
    if (!isDigit(this.#current())) throw this.#unexpected(place);
    while (isDigit(this.#text[this.#at] ?? "")) this.#at++;
  }

  #word(first: string): void {
    const word = ["true", "false", "null"].find((word) => word.startsWith(first));
    if (word === undefined) throw this.#unexpected("looking for beginning of value");
    for (const letter of word) {
      if (this.#current() !== letter) throw this.#unexpected(`in literal ${word} (expecting '${letter}')`);
      this.#at++;
    }
  }

  /** The next character that is not white space. */
  #peek(atEnd = "unexpected EOF"): string {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at++;
    return this.#current(atEnd);
  }

  #current(atEnd = "unexpected EOF"): string {
    const character = this.#text[this.#at];
    if (character === undefined) throw new Explanation(atEnd);
    return character;
  }

  #unexpected(place: string): Explanation {
    return new Explanation(`invalid character ${shown(this.#text.slice(this.#at))} ${place}`);
  }
}

function isDigit(character: string): boolean {
  return /^\d$/.test(character);
}

/** The first byte as Go quotes a rune: it reads the text by bytes. */
function shown(rest: string): string {
  const character = rest.charAt(0);
  if (character === "'") return "'\\''";
  if (character === '"') return "'\"'";
  return `'${quote(firstByte(character)).slice(1, -1)}'`;
}

function firstByte(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x80) return character;
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6));
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  return String.fromCharCode(surrogate ? 0xf0 | (((code & 0x3ff) + 0x40) >> 8) : 0xe0 | (code >> 12));
}
