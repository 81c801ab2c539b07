import assert from "node:assert/strict";
import { test } from "node:test";

import type { RegoDiagnostics } from "./diagnostics.ts";
import { moduleText } from "./module-text.ts";
import { parseModules } from "./parser.ts";

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];

test("reads UTF-8, replacement characters and all", () => {
  for (const text of ["", "package p", 'package p\nx := "ä\u{1f600}\ufffd"', "\ufeffpackage p"]) {
    assert.equal(moduleText(new Uint8Array(utf8(text))), text);
  }
});

test("bytes that are no characters are refused where they stand", () => {
  const rows: readonly (readonly [number[], number])[] = [
    [[0xff], 7],
    [[...utf8("ä"), 0xff], 8],
    [[0xc3], 7],
    [[0xed, 0xa0, 0x80], 7],
    [[0xf0, 0x9f, 0x98], 7],
    [[0xc0, 0xaf], 7],
    [[...utf8("\ufffd"), 0x80], 8],
  ];
  for (const [bytes, col] of rows) {
    const module = new Uint8Array([...utf8('package p\nx := "'), ...bytes, ...utf8('"\n')]);
    const text = moduleText(module);
    assert.throws(
      () => parseModules([{ file: "p.rego", text }], { version: "v1" }),
      (error: RegoDiagnostics) => {
        const [found] = error.diagnostics;
        assert.equal(found?.message, "illegal utf-8 character", String(bytes));
        assert.deepEqual([found?.at?.row, found?.at?.col], [2, col], String(bytes));
        return true;
      },
    );
  }
});
