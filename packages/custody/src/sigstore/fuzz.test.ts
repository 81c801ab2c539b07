import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import type { Bytes, Json } from "custody/ground";
import { concatBytes, toBase64 } from "custody/ground";
import * as fc from "fast-check";

import { at, bend } from "./bend.testing.ts";
import { parseSigstoreBundle } from "./bundle.ts";
import { ask, forgeBundle, makeWorld } from "./forge.testing.ts";
import { attempt } from "./reasons.ts";
import { parseSigstoreRoot } from "./trusted-root.ts";
import { verifySigstoreBundle } from "./verify.ts";

const seed = 20_260_102;
const world = await makeWorld();
const bundles = [
  await forgeBundle(world),
  await forgeBundle(world, { entry: "dsse 0.0.2" }),
  await forgeBundle(world, { entry: "intoto 0.0.2", version: "0.2" }),
];
const questions = bundles.map((bundle) => ask(bundle, world.root));

/** What happens to bytes on their way: one changed, some left out, some from elsewhere put in. */
const accident = fc.record({
  kind: fc.constantFrom("change", "cut", "insert", "truncate"),
  place: fc.nat(),
  length: fc.integer({ min: 1, max: 64 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
});

function suffer(
  bytes: Uint8Array,
  { kind, place, length, bytes: foreign }: { kind: string; place: number; length: number; bytes: Uint8Array },
): Bytes {
  const at = place % bytes.length;
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (kind) {
    case "change":
      return concatBytes(before, foreign.subarray(0, 1), after.subarray(1));
    case "cut":
      return concatBytes(before, after.subarray(length));
    case "insert":
      return concatBytes(before, foreign, after);
    default:
      return concatBytes(before);
  }
}

/** Anything that is not the original must not hold, and nothing may be thrown. */
async function check(i: number, bundle: Uint8Array): Promise<void> {
  const question = questions[i]!;
  const verdict = await verifySigstoreBundle({ crypto: nodeCrypto }, { ...question, bundle });
  // Bytes may be written in more than one way; what is read must be the same then.
  if (verdict.kind === "allowed")
    assert.deepEqual(parseSigstoreBundle(bundle), parseSigstoreBundle(question.bundle));
  else assert.match(verdict.reasons[0].code, /^sigstore\//);
}

test("a bundle that something happened to never holds, and never breaks anything", async () => {
  const property = fc.asyncProperty(fc.nat(2), accident, async (i, how) => {
    await check(i, suffer(questions[i]!.bundle, how));
  });
  await fc.assert(property, { seed, numRuns: 1200 });
});

const encoded = [
  "verificationMaterial.tlogEntries.0.canonicalizedBody",
  "verificationMaterial.tlogEntries.0.inclusionProof.rootHash",
  "verificationMaterial.tlogEntries.0.inclusionProof.hashes.0",
  "verificationMaterial.tlogEntries.0.inclusionPromise.signedEntryTimestamp",
  "verificationMaterial.certificate.rawBytes",
  "messageSignature.signature",
  "dsseEnvelope.payload",
  "dsseEnvelope.signatures.0.sig",
] as const;
const timestampPath = "verificationMaterial.timestampVerificationData.rfc3161Timestamps.0.signedTimestamp";

function find(bundle: Json, path: string): string | undefined {
  try {
    const text = at(bundle, path);
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}

test("nor does one in whose certificate, body, proof, envelope or signature something happened", async () => {
  const property = fc.asyncProperty(
    fc.nat(2),
    fc.constantFrom(...encoded),
    accident,
    async (i, path, how) => {
      const text = find(bundles[i]!, path);
      if (text === undefined) return;
      const changed = toBase64(suffer(Buffer.from(text, "base64"), how));
      await check(i, ask(bend(bundles[i]!, path, changed), world.root).bundle);
    },
  );
  await fc.assert(property, { seed, numRuns: 1200 });
});

test("a timestamp in which something happened says the same time or nothing", async () => {
  const property = fc.asyncProperty(accident, async (how) => {
    const i = 1;
    const token = Buffer.from(find(bundles[i]!, timestampPath)!, "base64");
    const changed = bend(bundles[i]!, timestampPath, toBase64(suffer(token, how)) || "AA==");
    const verdict = await verifySigstoreBundle({ crypto: nodeCrypto }, ask(changed, world.root));
    if (verdict.kind !== "allowed") assert.match(verdict.reasons[0].code, /^sigstore\//);
    else assert.ok(verdict.facts.times.every((time) => time === Date.UTC(2026, 0, 2)));
  });
  await fc.assert(property, { seed, numRuns: 600 });
});

test("a checkpoint in which something happened is not the log's", async () => {
  const path = "verificationMaterial.tlogEntries.0.inclusionProof.checkpoint.envelope";
  const property = fc.asyncProperty(fc.nat(2), accident, async (i, how) => {
    const note = new TextEncoder().encode(find(bundles[i]!, path));
    const changed = new TextDecoder().decode(suffer(note, how));
    await check(i, ask(bend(bundles[i]!, path, changed), world.root).bundle);
  });
  await fc.assert(property, { seed, numRuns: 600 });
});

const odd = fc.oneof(
  fc.constantFrom<Json>(null, "", "A", "0", "-1", "18446744073709551616", 0, -1, 1e308, true, [], {}, [[]]),
  fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json),
);

test("a bundle with something else in any of its places does not break anything", async () => {
  const places = bundles.map((bundle) => pathsOf(bundle));
  const property = fc.asyncProperty(fc.nat(2), fc.nat(), odd, async (i, place, value) => {
    const paths = places[i]!;
    const changed = ask(bend(bundles[i]!, paths[place % paths.length]!, value), world.root).bundle;
    const verdict = await verifySigstoreBundle({ crypto: nodeCrypto }, { ...questions[i]!, bundle: changed });
    if (verdict.kind !== "allowed") return;
    // All that may be missing is what nothing rests on: the stated digest.
    const [ours, theirs] = [parseSigstoreBundle(changed), parseSigstoreBundle(questions[i]!.bundle)];
    assert.deepEqual(
      { ...ours, content: ours.content.signature },
      { ...theirs, content: theirs.content.signature },
    );
  });
  await fc.assert(property, { seed, numRuns: 1200 });
});

test("a trusted root with something else in any of its places is one or is not, and breaks nothing", () => {
  const paths = pathsOf(world.root);
  const property = fc.property(fc.nat(), odd, (place, value) => {
    const root = new TextEncoder().encode(
      JSON.stringify(bend(world.root, paths[place % paths.length]!, value)),
    );
    attempt(() => parseSigstoreRoot(root));
  });
  fc.assert(property, { seed, numRuns: 600 });
});

function pathsOf(json: Json, path = ""): string[] {
  if (json === null || typeof json !== "object") return [];
  return Object.entries(json as Record<string, Json>).flatMap(([key, value]) => {
    const here = path === "" ? key : `${path}.${key}`;
    return [here, ...pathsOf(value, here)];
  });
}
