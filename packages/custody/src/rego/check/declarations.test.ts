import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { compile } from "../index.ts";

const module = `package authz

# METADATA
# entrypoint: true
# schemas:
# - input: {type: object, properties: {user: {type: string}, roles: {type: array, items: {type: string}}}}
default allow := false

allow if "admin" in input.roles

# METADATA
# entrypoint: true
reasons contains {"code": "role", "user": input.user} if not allow

# METADATA
# entrypoint: true
limits[name] := count(name) if some name in ["a", "b"]
`;

test("entrypoints have TypeScript types, from what the rules give and what schemas say of the input", () => {
  const policy = compile([{ file: "authz.rego", text: module }], { builtins: allBuiltins });
  assert.equal(
    policy.declarations(),
    [
      "/** What the entrypoints of the policy take and give; `undefined` besides, where a rule does not hold. */",
      "export interface Entrypoints {",
      '  readonly "authz/allow": { readonly input: { readonly "roles": readonly string[]; readonly "user": string }; readonly result: boolean };',
      '  readonly "authz/reasons": { readonly input: unknown; readonly result: readonly { readonly "code": string; readonly "user": unknown }[] };',
      '  readonly "authz/limits": { readonly input: unknown; readonly result: { readonly [key: string]: number } };',
      "}",
      "",
    ].join("\n"),
  );
});
