import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { compile } from "custody/rego";
import { allBuiltins } from "custody/rego/builtins";

import { Checker, getFormat } from "./index.ts";

const guide = readFileSync(join(import.meta.dirname, "../../../../docs/guides/kubernetes-and-ci.md"), "utf8");

test("the guide's policy complains at the line that it says", () => {
  const [, text = ""] = /```rego\n([^]*?)```/.exec(guide) ?? [];
  const policy = compile([{ file: "guide.rego", text }], { builtins: allBuiltins });
  const pod = "kind: Pod\nspec:\n  securityContext:\n    runAsUser: 0\n";
  const [found] = new Checker(policy, "main").check(
    { path: "pod.yaml", parsed: getFormat("yaml").parse(pod) },
    {},
  ).failures;
  assert.deepEqual([found?.message, found?.line], ["containers may not run as root", 3]);
});
