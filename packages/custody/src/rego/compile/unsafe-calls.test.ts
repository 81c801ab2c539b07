import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { compile } from "../index.ts";

const policy = compile([{ file: "p.rego", text: "package p\nf(x) := http.send(x)" }], {
  builtins: allBuiltins,
});

function check(query: string, message: string | undefined): void {
  const prepare = (): unknown => policy.prepare(query, { unsafeBuiltins: new Set(["http.send"]) });
  if (message === undefined) assert.ok(prepare());
  else assert.throws(prepare, { message });
}

test("a query may not call what is unsafe, wherever the call stands; modules may", () => {
  const said = "rego_type_error: unsafe built-in function calls in expression: http.send";
  check("http.send({})", `1:1: ${said}`);
  check("x := http.send({}).status", `1:6: ${said}`);
  check("[x | x := http.send({})]", `1:11: ${said}`);
  check("data.p.f({})", undefined);
  check('x := "http.send({})"', undefined);
});
