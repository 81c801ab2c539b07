import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { Examination, formatWitnessDemand, parseWitnessDemand } from "custody/evidence";
import type { WitnessDemand } from "custody/evidence";
import { canonicalJson, instantOf } from "custody/ground";
import type { Json } from "custody/ground";
import { formatNote, parseNote } from "custody/note";

import { makeWitness } from "../note/note.testing.ts";
import { at, bend } from "./bend.testing.ts";
import { ask, forgeBundle, makeWorld, policy, start } from "./forge.testing.ts";
import type { Wish } from "./forge.testing.ts";
import type { SigstoreRefusal } from "./reasons.ts";
import { verifySigstoreBundle } from "./verify.ts";
import { both, checkpointPath, cosigned, one, two } from "./witnesses.testing.ts";

const world = await makeWorld();
async function check(
  bundle: Json,
  expected: string,
  witnesses: WitnessDemand = both,
  without: SigstoreRefusal[] = [],
) {
  const question = ask(bundle, world.root, { policy: { ...policy, witnesses } });
  const verdict = await verifySigstoreBundle({ crypto: nodeCrypto }, question, new Examination(without));
  assert.equal(verdict.kind === "allowed" ? "allowed" : verdict.reasons[0].code, expected);
}

async function checkAttack(bundle: Json, code: SigstoreRefusal, witnesses?: WitnessDemand) {
  await check(bundle, code, witnesses);
  await check(bundle, "allowed", witnesses, [code]);
}

for (const entry of ["hashedrekord 0.0.1", "hashedrekord 0.0.2", "dsse 0.0.2"] as const) {
  const wish: Wish = { entry, isStamped: true };
  test(`asks for the quorum over the checkpoint of a ${entry} entry`, async () => {
    const bundle = await forgeBundle(world, wish);
    await check(await cosigned(bundle, [one, two]), "allowed");
    await checkAttack(bundle, "sigstore/not-witnessed");
    await checkAttack(await cosigned(bundle, [one]), "sigstore/not-witnessed");
    await checkAttack(await cosigned(bundle, [one, one]), "sigstore/not-witnessed");
    await checkAttack(
      await cosigned(bundle, [one, makeWitness(nodeCrypto, "two")]),
      "sigstore/not-witnessed",
    );
  });
}

test("refuses a cosignature that was made for another checkpoint", async () => {
  const mine = await cosigned(await forgeBundle(world), [one, two]);
  const theirs = await cosigned(await forgeBundle(world, { entry: "dsse 0.0.2" }), [one]);
  const [mineNote, theirsNote] = [mine, theirs].map((bundle) =>
    parseNote(at(bundle, checkpointPath) as string),
  );
  const { text, signatures } = mineNote!;
  const note = formatNote({ text, signatures: [...signatures, theirsNote!.signatures.at(-1)!] });
  const bundle = bend(mine, checkpointPath, note);
  await check(bundle, "sigstore/cosignature-invalid");
  await check(bundle, "allowed", both, ["sigstore/cosignature-invalid", "sigstore/not-witnessed"]);
});

test("refuses cosignatures that are older than the signature", async () => {
  const bundle = await forgeBundle(world);
  await checkAttack(await cosigned(bundle, [one, two], start - 3_600_000), "sigstore/cosignature-time");
  await check(await cosigned(bundle, [one, two], start - 60_000), "allowed");
});

test("counts an entry that is only promised for not witnessed", async () => {
  const bundle = await forgeBundle(world, { version: "0.1" });
  const entry = { ...(at(bundle, "verificationMaterial.tlogEntries.0") as { [name: string]: Json }) };
  delete entry["inclusionProof"];
  await checkAttack(bend(bundle, "verificationMaterial.tlogEntries.0", entry), "sigstore/not-witnessed");
});

test("asks for none where the signature is older than the policy", async () => {
  const from = (milliseconds: number) =>
    parseWitnessDemand(nodeCrypto, canonicalJson(formatWitnessDemand(both.text, instantOf(milliseconds))));
  const bundle = await forgeBundle(world);
  await check(bundle, "allowed", from(start + 3_600_000));
  await checkAttack(bundle, "sigstore/not-witnessed", from(start - 3_600_000));
});
