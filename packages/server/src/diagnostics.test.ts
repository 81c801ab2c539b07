import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

test("an error is told with its message and its code", async () => {
  const [own, ground] = [join(import.meta.dirname, "diagnostics.ts"), import.meta.resolve("custody/ground")];
  const code = `
    import { openDiagnostics } from ${JSON.stringify(own)};
    import { CustodyError } from ${JSON.stringify(ground)};
    openDiagnostics().error({ error: new CustodyError("tuf/damaged", "it is damaged") }, "constant");
  `;
  const { stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", code]);
  const { msg, error } = JSON.parse(stderr) as { readonly msg: string; readonly error: object };
  const { message, code: word, stack } = error as { message: string; code: string; stack: string };
  assert.deepEqual([msg, message, word], ["constant", "it is damaged", "tuf/damaged"]);
  assert.match(stack, /\[eval1?\]/);
});
