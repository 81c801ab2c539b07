import assert from "node:assert/strict";
import { test } from "node:test";

import { readJson, writeJson } from "../values/index.ts";
import { documentLine } from "../results/index.ts";
import { decisionDocument, maskParts, parseMasks, withoutSecrets } from "./index.ts";

/** What the masks leave of an input, and which paths are said to be erased (-) and masked (=). */
function check(input: string, masks: string, left: string, said: string): void {
  const parts = maskParts({ input: readJson(input), result: undefined }, parseMasks(readJson(masks)));
  const shown = parts.input === undefined ? "none" : writeJson(parts.input);
  const paths = [...parts.erased.map((path) => `-${path}`), ...parts.masked.map((path) => `=${path}`)];
  assert.deepEqual([shown, paths.join(" ")], [left, said]);
}

test("masks remove", () => {
  check('{"a":1,"p":2}', '["/input/p"]', '{"a":1}', "-/input/p");
  check('{"l":[1,2]}', '["/input/l/0"]', '{"l":[2]}', "-/input/l/0");
  check('{"a":1}', '[{"op":"remove","path":"/input"}]', "none", "-/input");
  check('{"a":1}', '["/input/z", "/input/a/b", "/result/x", "/nd_builtin_cache"]', '{"a":1}', "");
});

test("masks overwrite, and make the way there", () => {
  const upsert = (path: string): string => `[{"op":"upsert","path":"${path}","value":"**"}]`;
  check('{"a":1}', upsert("/input/a"), '{"a":"**"}', "=/input/a");
  check("{}", upsert("/input/a/b"), '{"a":{"b":"**"}}', "=/input/a/b");
  check('{"l":[1]}', upsert("/input/l/0"), '{"l":["**"]}', "=/input/l/0");
  check('{"l":[1]}', upsert("/input/l/3"), '{"l":[1]}', "");
  check("1", upsert("/input"), '"**"', "=/input");
});

test("masks of another shape are no masks", () => {
  for (const [document, message] of [
    ["1", /no set of masks/],
    ['["input/p"]', /slash-prefixed/],
    ['["/data/p"]', /prefix not allowed: data/],
    ['[{"op":"hide","path":"/input"}]', /neither remove nor upsert/],
    ["[1]", /slash-prefixed/],
  ] as const)
    assert.throws(() => parseMasks(readJson(document)), message);
});

test("what looks like a secret by its name goes, wherever it stands", () => {
  const secret = "hunter2";
  for (const [document, erased] of [
    [{ password: secret, name: "n" }, ["/input/password"]],
    [
      { headers: [{ Authorization: secret, "X-API-Key": [secret] }] },
      ["/input/headers/0/Authorization", "/input/headers/0/X-API-Key"],
    ],
    [{ userToken: { a: secret }, has_token: true, secret: null }, ["/input/userToken"]],
    [{ a: 1 }, []],
    [secret, []],
  ] as const) {
    const left = withoutSecrets(document, "/input");
    assert.deepEqual([left.erased], [erased]);
    if (erased.length > 0) assert.ok(!writeJson(left.value).includes(secret));
  }
  assert.equal(
    writeJson(withoutSecrets(readJson(`${"[".repeat(300)}{}${"]".repeat(300)}`), "/input").value).includes(
      "{",
    ),
    false,
  );
});

test("a decision is logged in OPA's shape", () => {
  const document = decisionDocument(
    {
      decisionId: "1",
      labels: { id: "x" },
      bundles: new Map([["b", { revision: "7", roots: [""], moduleIds: [] }]]),
      subject: { path: "p/x" },
      error: undefined,
      requestedBy: "127.0.0.1:1",
      timestamp: "2020-01-01T00:00:00Z",
      metrics: {},
      requestNumber: 3,
    },
    { input: 1, result: false, erased: ["/input/p"], masked: [] },
  );
  assert.equal(
    documentLine(document),
    '{"labels":{"id":"x"},"decision_id":"1","bundles":{"b":{"revision":"7"}},"path":"p/x","input":1,"result":false,' +
      '"erased":["/input/p"],"requested_by":"127.0.0.1:1","timestamp":"2020-01-01T00:00:00Z","metrics":{},"req_id":3}',
  );
});
