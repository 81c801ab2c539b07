import assert from "node:assert/strict";
import { test } from "node:test";

import { formatVerifierKey, noteKeyOf } from "custody/note";

import { crypto, makeSigner } from "../log/log.testing.ts";
import { makeWitness } from "../note/note.testing.ts";
import { parseFollowedLogs } from "./index.ts";

const keyNamed = (name: string) => formatVerifierKey(noteKeyOf(crypto, name, makeSigner()));
const [one, two, three] = [keyNamed("one.example"), keyNamed("two.example"), keyNamed("one.example")];

test("reads a key a line, its origin behind it where that is not its name", () => {
  const logs = parseFollowedLogs(crypto, `# ours\n${one}\n\n  ${two}\ttwo.example - 17 \n${three}\n`);
  assert.deepEqual(
    logs.map(({ origin, keys }) => [origin, keys.map(formatVerifierKey)]),
    [
      ["one.example", [one, three]],
      ["two.example - 17", [two]],
    ],
  );
  assert.deepEqual(parseFollowedLogs(crypto, ""), []);
});

test("takes logs that sign with ML-DSA-44", () => {
  const { key } = makeWitness(crypto, "log.example", "ml-dsa-44");
  assert.equal(parseFollowedLogs(crypto, formatVerifierKey(key))[0]?.origin, "log.example");
});

test("refuses what is no log's key, and says where", () => {
  const check = (line: string) =>
    assert.throws(() => parseFollowedLogs(crypto, `${one}\n${line}\n`), {
      code: "witness/logs",
      message: /line 2/,
    });
  check("log.example");
  check(one.slice(0, -4));
  check(formatVerifierKey(makeWitness(crypto, "w.example").key));
  assert.throws(() => parseFollowedLogs(crypto, "\n".repeat(10_001)), { code: "witness/logs" });
  assert.throws(() => parseFollowedLogs(crypto, `${one}\n`.repeat(17)), { code: "witness/logs" });
});
