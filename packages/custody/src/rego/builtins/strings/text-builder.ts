import { BuiltinError } from "../builtin.ts";

/** No builtin makes a string longer than this, in UTF-16 units. */
const lengthLimit = 1 << 26;

/** Makes a string piece by piece; one that gets too long is given up. */
export class TextBuilder {
  readonly #pieces: string[] = [];
  #length = 0;

  write(piece: string): this {
    this.#length += piece.length;
    refuseLong(this.#length);
    this.#pieces.push(piece);
    return this;
  }

  text(): string {
    return this.#pieces.join("");
  }
}

/** @throws BuiltinError for a string of such a length. */
export function refuseLong(length: number): void {
  if (length > lengthLimit) throw new BuiltinError("the resulting string is too long");
}
