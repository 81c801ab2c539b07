import type { RegoValue } from "custody/rego";

/** Where in a document: names and indices from its root. */
export type ValuePath = readonly (number | string)[];

/** A file as policies see it. */
export interface Parsed {
  /** As conftest shapes it; a list at the top is checked member by member. */
  readonly value: RegoValue;
  /** The line, from 1, of the value at a path, or of the innermost part of the path that has a known one. */
  readonly lineOf: (path: ValuePath) => number;
}

/** A format of configuration files. */
export interface Format {
  readonly name: string;
  /** Whether a file's name, in lower case and without directories, is that of such a file. */
  readonly hasName: (name: string) => boolean;
  /** @throws CustodyError for a text that is not of the format. */
  readonly parse: (text: string) => Parsed;
}

/** Lines by path; those of containers stand for what they hold. */
export class Lines {
  readonly #lines = new Map<string, number>();

  set(path: ValuePath, line: number): void {
    const key = JSON.stringify(path);
    if (!this.#lines.has(key)) this.#lines.set(key, line);
  }

  /** 1 where nothing is known. */
  find(path: ValuePath): number {
    for (let length = path.length; length >= 0; length--) {
      const line = this.#lines.get(JSON.stringify(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return 1;
  }
}
