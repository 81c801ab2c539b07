import assert from "node:assert/strict";
import { test } from "node:test";

import { CustodyError, parseUtf8, utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import {
  formatTlogProof,
  formatVerifierKey,
  parseTlogProof,
  parseVerifierKey,
  parseWitnessPolicy,
} from "custody/note";
import * as fc from "fast-check";

import { crypto, memoryPorts } from "../log/log.testing.ts";
import { makeWitness } from "../note/note.testing.ts";
import { parseAddCheckpoint, parseFollowedLogs, Witness } from "./index.ts";
import { growLog, makeWitnessPorts } from "./witness.testing.ts";

const seed = 20_261_122;
const runs = 400;

const names = ["a", "b", "c", "d", "e"];
const log = await growLog(names, memoryPorts());
const body = await log.ask(0, 5);
const vkey = formatVerifierKey(makeWitness(crypto, "w.example").key);
const policy = utf8(
  `log ${formatVerifierKey(log.key)} https://log\nwitness w ${vkey}\ngroup g 1 w\nquorum g\n`,
);
const { hashes, index, checkpoint } = await log.log.prove(2);
const proof = utf8(formatTlogProof({ extra: utf8("x"), index, hashes, checkpoint }));

/** The bytes with one cut out, repeated or changed, here and there. */
function bent(source: Bytes): fc.Arbitrary<Bytes> {
  const edit = fc.record({
    at: fc.nat(source.length - 1),
    count: fc.integer({ min: 0, max: 9 }),
    by: fc.uint8Array({ maxLength: 9 }),
  });
  return fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits) =>
      edits.reduce<Bytes>(
        (bytes, { at, count, by }) =>
          new Uint8Array([...bytes.slice(0, at), ...by, ...bytes.slice(at + count)]),
        source,
      ),
    );
}

function check(source: Bytes, read: (bytes: Bytes) => unknown): void {
  const property = fc.property(
    fc.oneof(
      bent(source),
      fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
    ),
    (bytes) => {
      try {
        read(bytes);
      } catch (error) {
        assert.ok(error instanceof CustodyError, String(error));
      }
    },
  );
  fc.assert(property, { seed, numRuns: runs });
}

test("every reader either reads, or says with a code that it does not", () => {
  const text = (read: (text: string) => unknown) => (bytes: Bytes) => read(parseUtf8(bytes));
  check(body, parseAddCheckpoint);
  check(policy, (bytes) => parseWitnessPolicy(crypto, bytes));
  check(proof, text(parseTlogProof));
  check(
    utf8(`${formatVerifierKey(log.key)}\n`),
    text((list) => parseFollowedLogs(crypto, list)),
  );
  check(
    utf8(vkey),
    text((key) => parseVerifierKey(crypto, key)),
  );
});

test("a witness cosigns no checkpoint but the log's own, however a request is bent", async () => {
  const property = fc.asyncProperty(bent(body), async (bytes) => {
    const ports = makeWitnessPorts([log]);
    const answer = await new Witness(ports).addCheckpoint(bytes);
    if (answer.kind !== "cosigned") return;
    const kept = await ports.store.find(log.key.name);
    assert.ok(
      kept?.startsWith(parseUtf8(body).slice("old 0\n\n".length).split("\n\n")[0] ?? "?"),
      "another text",
    );
  });
  await fc.assert(property, { seed, numRuns: 60 });
});
