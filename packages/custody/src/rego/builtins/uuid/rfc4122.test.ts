import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { uuidBuiltins } from "./index.ts";

test("uuid.rfc4122 gives each seed one UUID while an evaluation lasts", () => {
  let fill = 0xfe;
  const check = checker(uuidBuiltins, { randomBytes: (length) => new Uint8Array(length).fill(fill++) });
  check('uuid.rfc4122("a")', '"fefefefe-fefe-4efe-befe-fefefefefefe"');
  check('uuid.rfc4122("b")', '"ffffffff-ffff-4fff-bfff-ffffffffffff"');
  check('uuid.rfc4122("a")', '"fefefefe-fefe-4efe-befe-fefefefefefe"');
});

test("uuid.rfc4122 is denied where the host has no randomness", () => {
  checker(uuidBuiltins)('uuid.rfc4122("a")', "eval_builtin_error: no source of randomness");
});
