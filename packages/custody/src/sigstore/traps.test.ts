import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import type { Json } from "custody/ground";
import { toHex, utf8 } from "custody/ground";

import { at, bend, textAt } from "./bend.testing.ts";
import { ask, forgeBundle, makeKey, makeWorld, policy, stampsOf, statement } from "./forge.testing.ts";
import type { ForgedKey, Wish } from "./forge.testing.ts";
import type { SigstorePolicy } from "./policy.ts";
import type { SigstoreQuestion } from "./verify.ts";
import { verifySigstoreBundle } from "./verify.ts";

const world = await makeWorld();
const entriesPath = "verificationMaterial.tlogEntries";

async function kindOf(question: SigstoreQuestion): Promise<string> {
  return (await verifySigstoreBundle({ crypto: nodeCrypto }, question)).kind;
}

/** Which of two signings each part of a bundle comes from. */
const parts = [
  "artifact",
  "dsseEnvelope",
  "verificationMaterial.certificate",
  entriesPath,
  "verificationMaterial.timestampVerificationData",
] as const;

interface Signing {
  readonly bundle: Json;
  readonly artifact: Uint8Array<ArrayBuffer>;
  readonly predicateType: string;
}

/** The same signer and world twice: another artifact, envelope, certificate, entry, and type. */
async function sign(text: string, type: string, key: ForgedKey): Promise<Signing> {
  const bytes = utf8(text);
  const about = bend(statement, "subject.0.digest.sha256", toHex(nodeCrypto.sha256(bytes)));
  const wish: Wish = { entry: "dsse 0.0.2", key, statement: bend(about, "predicateType", type) };
  return { bundle: await forgeBundle(world, wish), artifact: bytes, predicateType: type };
}

const key = makeKey("p256");
for (const [who, second] of [
  ["one key", key],
  ["two keys", makeKey("p256")],
] as const)
  test(`of two good bundles by ${who} no mixture holds, in any of all combinations`, async () => {
    const one = await sign("one", "https://example.org/one", key);
    const two = await sign("two", "https://example.org/two", second);
    for (let mixture = 0; mixture < 2 ** (parts.length + 1); mixture++) {
      const from = (i: number) => (mixture & (1 << i) ? two : one);
      const bundle = parts
        .slice(1)
        .reduce((json, path, i) => bend(json, path, at(from(i + 1).bundle, path)), one.bundle);
      const question = ask(bundle, world.root, {
        artifact: { kind: "bytes", bytes: from(0).artifact },
        policy: { ...policy, predicateType: from(parts.length).predicateType },
      });
      const isPure = mixture === 0 || mixture === 2 ** (parts.length + 1) - 1;
      assert.equal(await kindOf(question), isPure ? "allowed" : "refused", mixture.toString(2));
    }
  });

test("of two signatures by one key over one artifact, each needs its own entry and timestamp", async () => {
  const key = makeKey("p256");
  const [one, two] = [
    await forgeBundle(world, { key, isStamped: true }),
    await forgeBundle(world, { key, isStamped: true }),
  ];
  for (const path of [entriesPath, "messageSignature", "verificationMaterial.timestampVerificationData"]) {
    assert.equal(await kindOf(ask(bend(one, path, at(two, path)), world.root)), "refused", path);
  }
});

const withThresholds = (
  thresholds: NonNullable<SigstorePolicy["thresholds"]>,
): Partial<SigstoreQuestion> => ({
  policy: { ...policy, thresholds },
});

function operated(...operators: readonly string[]): Json {
  return operators.reduce((root, operator, i) => bend(root, `tlogs.${i}.operator`, operator), world.root);
}

test("logs count by who operates them, each once", async () => {
  const bundle = await forgeBundle(world, { alsoIn: ["hashedrekord 0.0.2"], isStamped: true });
  const check = async (root: Json, logs: number, expected: string) =>
    assert.equal(await kindOf(ask(bundle, root, withThresholds({ logs }))), expected);
  await check(world.root, 1, "allowed");
  await check(world.root, 2, "refused");
  await check(operated("one.example", "two.example"), 2, "allowed");
  await check(operated("one.example", "two.example"), 3, "refused");
  await check(operated("one.example", "one.example"), 2, "refused");
});

test("one entry counts once, under another number too", async () => {
  const bundle = await forgeBundle(world, { isPromised: false, isStamped: true });
  const entry = at(bundle, `${entriesPath}.0`);
  for (const again of [entry, bend(entry, "logIndex", "99")]) {
    const repeated = bend(bundle, entriesPath, [entry, again]);
    assert.equal(await kindOf(ask(repeated, world.root)), "refused");
  }
});

test("a log that the root names twice counts once", async () => {
  const [log, authority] = [at(world.root, "ctlogs.0"), at(world.root, "timestampAuthorities.0")];
  const doubled = bend(bend(world.root, "ctlogs", [log, log]), "timestampAuthorities", [
    authority,
    authority,
  ]);
  const question = ask(await forgeBundle(world), doubled, withThresholds({ certificateLogs: 2 }));
  assert.equal(await kindOf(question), "refused");
});

test("two timestamps of one authority are one source of time; a log's promise is another", async () => {
  const key = makeKey("p256");
  const one = await forgeBundle(world, { key, isStamped: true, isPromised: false });
  const signature = Buffer.from(textAt(one, "messageSignature.signature"), "base64");
  const path = "verificationMaterial.timestampVerificationData";
  const later = (await stampsOf(world, new Uint8Array(signature), 1000)).timestampVerificationData;
  const stamps = [at(one, `${path}.rfc3161Timestamps.0`), ...later.rfc3161Timestamps];
  const both = bend(one, `${path}.rfc3161Timestamps`, stamps);
  assert.equal(await kindOf(ask(both, world.root)), "allowed");
  assert.equal(await kindOf(ask(both, world.root, withThresholds({ times: 2 }))), "refused");
  const promised = ask(
    await forgeBundle(world, { isStamped: true }),
    world.root,
    withThresholds({ times: 2 }),
  );
  assert.equal(await kindOf(promised), "allowed");
});

test("a threshold of 0, or of no whole number, is no policy", async () => {
  const bundle = await forgeBundle(world);
  for (const wrong of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    for (const name of ["logs", "times", "certificateLogs"]) {
      const verdict = await verifySigstoreBundle(
        { crypto: nodeCrypto },
        ask(bundle, world.root, withThresholds({ [name]: wrong })),
      );
      assert.ok(verdict.kind === "undecided");
      assert.equal(verdict.reasons[0].code, "sigstore/policy");
    }
  }
});

test("an identity or issuer that is empty is no policy", async () => {
  const bundle = await forgeBundle(world);
  for (const [identity, issuer] of [
    ["", "x"],
    ["x", ""],
    ["glob:", "x"],
    ["x", "glob:"],
  ] as const) {
    const question = ask(bundle, world.root, {
      policy: { signer: { kind: "certificate", identity, issuer } },
    });
    assert.equal(await kindOf(question), "undecided");
  }
});

test("a key that stands twice in a bundle, a root or a statement is no answer to anything", async () => {
  const bundle = await forgeBundle(world);
  const question = ask(bundle, world.root);
  const text = new TextDecoder().decode(question.bundle);
  const keys = [...text.matchAll(/"(\w+)":/g)];
  assert.ok(keys.length > 20);
  for (const { index, 0: key } of keys) {
    const doubled = utf8(`${text.slice(0, index)}${key}0,${text.slice(index)}`);
    assert.equal(await kindOf({ ...question, bundle: doubled }), "undecided", key);
  }
  const payload = utf8(`{"_type":"x",${JSON.stringify(statement).slice(1)}`);
  assert.equal(
    await kindOf(ask(await forgeBundle(world, { entry: "dsse 0.0.1", payload }), world.root)),
    "refused",
  );
});
