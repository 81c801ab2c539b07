import assert from "node:assert/strict";

import { writeJson } from "custody/rego";

import { getFormat } from "./index.ts";
import type { ValuePath } from "./index.ts";

/** Reads a text of a format; its value as JSON. */
export function checkValue(format: string, text: string, expected: unknown): void {
  const { value } = getFormat(format).parse(text);
  assert.deepEqual(JSON.parse(writeJson(value)), expected, text);
}

/** The line of a path in a text of a format. */
export function checkLine(format: string, text: string, path: ValuePath, expected: number): void {
  assert.equal(getFormat(format).parse(text).lineOf(path), expected, path.join("."));
}

/** The text is none of the format, for that reason. */
export function checkRefusal(format: string, text: string, reason: RegExp): void {
  assert.throws(() => getFormat(format).parse(text), reason, text);
}
