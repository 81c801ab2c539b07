import assert from "node:assert/strict";
import { test } from "node:test";

import { ownPath } from "./own-path.ts";

test("leads back within the console, and nowhere else", () => {
  const check = (text: string | undefined, expected: string): void =>
    assert.equal(ownPath(text), expected, text);
  check("/chain/greeter?node=a%20b", "/chain/greeter?node=a%20b");
  check("/log#fragment", "/log");
  check(undefined, "/");
  check("", "/");
  check("chain/greeter", "/");
  check("https://elsewhere.example/", "/");
  check("//elsewhere.example/", "/");
  check("/\\elsewhere.example/", "/");
  check("/..//elsewhere.example/", "/");
  check("javascript:alert(1)", "/");
});
