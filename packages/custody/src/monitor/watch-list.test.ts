import assert from "node:assert/strict";
import { test } from "node:test";

import { parseExpectations, parseWatchList } from "./index.ts";

const digest = `sha256:${"0a".repeat(32)}`;

test("reads identities, with issuers or any, and keys", () => {
  const list = parseWatchList(
    `# ours\n\nidentity me@example.org\n\tidentity  glob:https://a/** https://i \nkey ${digest}\n`,
  );
  assert.deepEqual(list, {
    identities: [
      { identity: "me@example.org", issuer: undefined },
      { identity: "glob:https://a/**", issuer: "https://i" },
    ],
    keys: new Set([digest]),
  });
});

test("refuses every other line, and says which", () => {
  for (const line of [
    "identity",
    "identity glob:",
    "identity a b c",
    "identity a glob:",
    "me@example.org",
    "key",
    "key sha256:00",
    `key ${digest} more`,
  ]) {
    assert.throws(() => parseWatchList(`# x\n${line}\n`), { code: "monitor/list", message: /line 2/ }, line);
  }
  assert.throws(() => parseWatchList("identity a\n".repeat(10_001)), { code: "monitor/list" });
});

test("reads expected digests, and nothing else", () => {
  assert.deepEqual(parseExpectations(`${digest}\n# more\n  ${digest}\n`), new Set([digest]));
  for (const line of ["x", "sha256:0A", digest.toUpperCase(), `${digest} x`, "md5:00"]) {
    assert.throws(() => parseExpectations(`${line}\n`), { code: "monitor/list", message: /line 1/ }, line);
  }
});
