import { objectOf } from "custody/rego";
import type { RegoValue } from "custody/rego";

import { Lines } from "../format.ts";
import type { Parsed, ValuePath } from "../format.ts";
import { readExpression } from "./expressions.ts";
import { Scanner } from "./scanner.ts";

/** What a body holds: attributes, blocks by type and labels. */
type Body = Map<string, Body | RegoValue | Body[]>;

/**
 * Reads HCL's native syntax. A block is a list below its type and its labels, for there may be another of that name.
 *
 * @throws ConftestFault `conftest/parse`, with the line.
 */
export function parseHcl(text: string): Parsed {
  const reader = new BodyReader(new Scanner(text.replace(/^\uFEFF/, "")));
  const body = reader.read([], undefined);
  return { value: valueOf(body), lineOf: (path) => reader.lines.find(path) };
}

class BodyReader {
  readonly lines = new Lines();
  readonly #scanner: Scanner;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  /** Until the closing bracket, or the end of the text. */
  read(path: ValuePath, closer: "}" | undefined): Body {
    const body: Body = new Map();
    const scanner = this.#scanner;
    scanner.skip("spaces");
    const isOneLine = closer !== undefined && scanner.next !== "\n";
    for (scanner.skip("lines"); !this.#isOver(closer); scanner.skip("lines")) {
      const start = scanner.at;
      const name =
        scanner.take(/[\p{ID_Start}_][\p{ID_Continue}-]*/uy) ??
        scanner.fail(`a name is wanted, not ${scanner.next}`);
      scanner.skip("spaces");
      if (scanner.next === "=" && !scanner.startsWith("==")) this.#attribute(body, [...path, name], start);
      else this.#block(body, [...path, name], start);
      this.#endOfLine(closer);
      if (isOneLine && scanner.next !== "}") scanner.fail("a block on one line has one argument");
    }
    if (closer) scanner.at++;
    return body;
  }

  #isOver(closer: "}" | undefined): boolean {
    if (!this.#scanner.isAtEnd) return closer !== undefined && this.#scanner.next === closer;
    if (closer) this.#scanner.fail("a block is not closed");
    return true;
  }

  #endOfLine(closer: "}" | undefined): void {
    const scanner = this.#scanner;
    scanner.skip("spaces");
    const isOver =
      scanner.isAtEnd || scanner.next === "\n" || (closer !== undefined && scanner.next === closer);
    if (!isOver && scanner.text[scanner.at - 1] !== "\n") scanner.fail("an end of line is wanted");
  }

  #attribute(body: Body, path: ValuePath, start: number): void {
    const scanner = this.#scanner;
    const name = String(path.at(-1));
    if (body.has(name)) scanner.fail(`${name} is there twice`, start);
    this.lines.set(path, scanner.lineAt(start));
    scanner.at++;
    scanner.skip("spaces");
    body.set(name, readExpression(scanner, { path, lines: this.lines }));
  }

  #block(body: Body, path: ValuePath, start: number): void {
    const scanner = this.#scanner;
    const labels = this.#labels();
    if (!scanner.takeIf("{")) scanner.fail(`= or { is wanted after ${String(path.at(-1))}`);
    const [last = "", ...outer] = [...labels].reverse();
    const [type = ""] = path.slice(-1).map(String);
    const names = labels.length === 0 ? [type] : [type, ...outer.reverse(), last];
    const list = this.#listAt(body, names, start);
    const at = [...path.slice(0, -1), ...names, list.length];
    for (let i = path.length; i <= at.length; i++) this.lines.set(at.slice(0, i), scanner.lineAt(start));
    list.push(scanner.nest(() => this.read(at, "}")));
  }

  #labels(): string[] {
    const scanner = this.#scanner;
    const labels: string[] = [];
    for (;;) {
      scanner.skip("spaces");
      const name = scanner.take(/[\p{ID_Start}_][\p{ID_Continue}-]*/uy);
      const start = scanner.at;
      if (name === undefined && scanner.next !== '"') return labels;
      if (name === undefined) scanner.skipQuoted();
      labels.push(name ?? scanner.text.slice(start + 1, scanner.at - 1));
    }
  }

  /** The list of the blocks with a type and labels. */
  #listAt(body: Body, names: readonly string[], start: number): Body[] {
    let here = body;
    for (const name of names.slice(0, -1)) {
      const inner = here.get(name) ?? new Map();
      if (!(inner instanceof Map))
        return this.#scanner.fail(`${name} is an attribute and a block, or has other labels`, start);
      here.set(name, inner);
      here = inner as Body;
    }
    const last = names.at(-1) ?? "";
    const list = here.get(last) ?? [];
    if (!isBlocks(list))
      return this.#scanner.fail(`${last} is an attribute and a block, or has other labels`, start);
    here.set(last, list);
    return list;
  }
}

function isBlocks(value: Body | Body[] | RegoValue): value is Body[] {
  return Array.isArray(value) && value.every((one) => one instanceof Map);
}

function valueOf(body: Body): RegoValue {
  return objectOf([...body].map(([name, value]) => [name, memberOf(value)]));
}

function memberOf(value: Body | Body[] | RegoValue): RegoValue {
  if (value instanceof Map) return valueOf(value);
  return isBlocks(value) && value.length > 0 ? value.map(valueOf) : (value as RegoValue);
}
