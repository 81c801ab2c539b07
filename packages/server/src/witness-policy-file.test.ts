import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { parseWitnessDemand } from "custody/evidence";
import { instantOf } from "custody/ground";
import { formatVerifierKey } from "custody/note";

import { makeWitness } from "../../custody/src/note/note.testing.ts";
import { openWitnessPolicy, witnessPolicyName } from "./witness-policy-file.ts";

let top: string;
let directory: string;
let file: string;
before(async () => {
  top = await mkdtemp(join(tmpdir(), "custody-policy-"));
});
beforeEach(async () => {
  directory = await mkdtemp(join(top, "d"));
  file = join(directory, "given");
});
after(() => rm(top, { recursive: true }));

const policyWith = (name: string) =>
  `witness w ${formatVerifierKey(makeWitness(nodeCrypto, name).key)} http://127.0.0.1:1\nquorum w\n`;
const at = (milliseconds: number) => ({ now: () => instantOf(milliseconds) });

test("has none until one is given, and keeps that with its beginning", async () => {
  assert.equal(await openWitnessPolicy(directory, undefined, at(1000)), undefined);
  await writeFile(file, policyWith("w.example"));
  assert.equal((await openWitnessPolicy(directory, file, at(2000)))?.start, 2000);
  assert.equal((await openWitnessPolicy(directory, undefined, at(3000)))?.start, 2000);
  assert.equal(
    (await openWitnessPolicy(directory, file, at(4000)))?.start,
    2000,
    "the same file changes nothing",
  );
  const kept = parseWitnessDemand(nodeCrypto, await readFile(join(directory, witnessPolicyName)));
  assert.equal(kept.start, 2000);
});

test("begins anew with another policy, and ends with quorum none", async () => {
  await writeFile(file, policyWith("one.example"));
  await openWitnessPolicy(directory, file, at(1000));
  await writeFile(file, policyWith("two.example"));
  const second = await openWitnessPolicy(directory, file, at(2000));
  assert.deepEqual([second?.start, second?.policy.witnesses[0]?.key.name], [2000, "two.example"]);
  await writeFile(file, "quorum none\n");
  assert.equal(await openWitnessPolicy(directory, file, at(3000)), undefined);
  assert.equal(await openWitnessPolicy(directory, undefined, at(4000)), undefined, "and stays so");
});

test("changes nothing for a file that is absent or no policy", async () => {
  await writeFile(file, policyWith("w.example"));
  await openWitnessPolicy(directory, file, at(1000));
  await assert.rejects(openWitnessPolicy(directory, join(directory, "absent"), at(2000)), {
    code: "server/witness-policy",
  });
  await writeFile(file, "quorum w\n");
  await assert.rejects(openWitnessPolicy(directory, file, at(2000)), { code: "note/policy" });
  assert.equal((await openWitnessPolicy(directory, undefined, at(3000)))?.start, 1000);
});
