import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { Examination, parsePublicKey } from "custody/evidence";
import { canonicalJson, formatInstant, instantOf, parseJson, toBase64, utf8 } from "custody/ground";
import type { Json } from "custody/ground";
import { formatNote, parseNote } from "custody/note";

import { at, bend, textAt } from "./bend.testing.ts";
import { ask, forgeBundle, makeKey, makeWorld, policy, start, statement } from "./forge.testing.ts";
import type { Wish } from "./forge.testing.ts";
import type { SigstorePolicy } from "./policy.ts";
import type { SigstoreRefusal } from "./reasons.ts";
import { sigstoreRefusals } from "./reasons.ts";
import type { SigstoreQuestion } from "./verify.ts";
import { verifySigstoreBundle } from "./verify.ts";
import { both, checkpointPath, cosigned, one, two } from "./witnesses.testing.ts";

const world = await makeWorld();
const stranger = await makeWorld();
const other = { kind: "bytes", bytes: utf8("something else") } as const;
const entryPath = "verificationMaterial.tlogEntries.0";
const stampsPath = "verificationMaterial.timestampVerificationData.rfc3161Timestamps";

/** A question that is refused with the code, and with that check off (and those it drags along) is not. */
interface Row {
  readonly code: SigstoreRefusal;
  readonly why: string;
  readonly also?: readonly SigstoreRefusal[];
  readonly ask: () => Promise<SigstoreQuestion>;
}

const signedBy = (name: Partial<{ identity: string; issuer: string }>): SigstorePolicy => ({
  signer: {
    kind: "certificate",
    identity: "https://example.org/workflow@main",
    issuer: "https://issuer.example.org",
    ...name,
  },
});

async function wished(wish: Wish, more: Partial<SigstoreQuestion> = {}): Promise<SigstoreQuestion> {
  return ask(await forgeBundle(world, wish), world.root, more);
}

async function bent(wish: Wish, path: string, change: (value: Json) => unknown): Promise<SigstoreQuestion> {
  const bundle = await forgeBundle(world, wish);
  return ask(bend(bundle, path, change(at(bundle, path))), world.root);
}

async function rooted(path: string, value: unknown, wish: Wish = {}): Promise<SigstoreQuestion> {
  return ask(await forgeBundle(world, wish), bend(world.root, path, value));
}

function flipped(text: Json): string {
  const letters = text as string;
  return (letters.startsWith("A") ? "B" : "A") + letters.slice(1);
}

/** The last byte changed, where no DER length stands. */
function spoilt(text: Json): string {
  const bytes = Buffer.from(text as string, "base64");
  bytes[bytes.length - 1]! ^= 1;
  return bytes.toString("base64");
}

const twice = (list: Json) => [...(list as Json[]), ...(list as Json[])];
const chainPath = "verificationMaterial.x509CertificateChain.certificates";
const rootCertificate = at(world.root, "certificateAuthorities.0.certChain.certificates.1");
const early = formatInstant(instantOf(start - 1000));

/** A bundle that these witnesses cosigned, asked about as one that two must have. */
async function witnessed(
  cosigners: readonly (typeof one)[],
  milliseconds = start,
): Promise<SigstoreQuestion> {
  const bundle = await cosigned(await forgeBundle(world), cosigners, milliseconds);
  return ask(bundle, world.root, { policy: { ...policy, witnesses: both } });
}

const rows: readonly Row[] = [
  {
    code: "sigstore/not-witnessed",
    why: "a checkpoint that one of two witnesses cosigned",
    ask: () => witnessed([one]),
  },
  {
    code: "sigstore/cosignature-invalid",
    why: "a cosignature of another time than it says",
    also: ["sigstore/not-witnessed"],
    ask: async () => {
      const question = await witnessed([one, two]);
      const bundle = parseJson(question.bundle);
      const note = at(bundle, checkpointPath) as string;
      const { text, signatures } = parseNote(note);
      signatures.at(-1)!.signature[7]! ^= 1;
      return {
        ...question,
        bundle: canonicalJson(bend(bundle, checkpointPath, formatNote({ text, signatures }))),
      };
    },
  },
  {
    code: "sigstore/cosignature-time",
    why: "cosignatures of an hour before the signature",
    ask: () => witnessed([one, two], start - 3_600_000),
  },
  {
    code: "sigstore/material-mismatch",
    why: "a certificate where a key was asked for",
    also: ["sigstore/entry-mismatch", "sigstore/signature-invalid"],
    ask: () => wished({}, { policy: { signer: { kind: "key", key: parsePublicKey(makeKey("p256").spki) } } }),
  },
  {
    code: "sigstore/key-hint",
    why: "an envelope with another key id than the bundle's hint",
    ask: async () => {
      const key = makeKey("p256");
      const bundle = await forgeBundle(world, { keyed: true, key, entry: "dsse 0.0.1" });
      const policy = { signer: { kind: "key", key: parsePublicKey(key.spki) } } as const;
      return ask(bend(bundle, "dsseEnvelope.signatures.0.keyid", "another"), world.root, { policy });
    },
  },
  {
    code: "sigstore/certificate-chain",
    why: "a root in the bundle's chain",
    ask: () => bent({ version: "0.2" }, chainPath, (list) => [...(list as Json[]), rootCertificate]),
  },
  {
    code: "sigstore/certificate-untrusted",
    why: "a certificate of an authority that is not in the root",
    also: ["sigstore/sct-threshold"],
    ask: () => rooted("certificateAuthorities", at(stranger.root, "certificateAuthorities")),
  },
  {
    code: "sigstore/certificate-window",
    why: "a log entry after the certificate's end",
    ask: () => wished({ loggedAfter: 601_000 }),
  },
  {
    code: "sigstore/certificate-window",
    why: "an authority that was trusted until a second before",
    ask: () => rooted("certificateAuthorities.0.validFor.end", early),
  },
  {
    code: "sigstore/certificate-purpose",
    why: "a certificate that is not for signing code",
    ask: () => wished({ certificate: { extendedKeyUsage: "1.3.6.1.5.5.7.3.8" } }),
  },
  {
    code: "sigstore/sct-invalid",
    why: "a certificate timestamp by another key than the log's",
    also: ["sigstore/sct-threshold"],
    ask: () => rooted("ctlogs.0.publicKey.rawBytes", at(stranger.root, "ctlogs.0.publicKey.rawBytes")),
  },
  {
    code: "sigstore/sct-invalid",
    why: "a certificate timestamp after the log's end",
    also: ["sigstore/sct-threshold"],
    ask: () => rooted("ctlogs.0.publicKey.validFor.end", early),
  },
  {
    code: "sigstore/sct-threshold",
    why: "a certificate that no log saw",
    ask: () => wished({ withSct: false }),
  },
  {
    code: "sigstore/sct-threshold",
    why: "a certificate under a root whose only certificate log has a key of an unknown kind",
    ask: () => rooted("ctlogs.0.publicKey.keyDetails", "LMS_SHA256"),
  },
  {
    code: "sigstore/identity-mismatch",
    why: "a signer whose name only begins like the one that is wanted",
    ask: () => wished({}, { policy: signedBy({ identity: "https://example.org/workflow" }) }),
  },
  {
    code: "sigstore/issuer-mismatch",
    why: "another issuer",
    ask: () => wished({}, { policy: signedBy({ issuer: "https://issuer.example.org.evil" }) }),
  },
  {
    code: "sigstore/timestamp-invalid",
    why: "a timestamp over another signature",
    ask: async () => {
      const [mine, theirs] = [
        await forgeBundle(world, { isStamped: true }),
        await forgeBundle(world, { isStamped: true }),
      ];
      return ask(bend(mine, stampsPath, at(theirs, stampsPath)), world.root);
    },
  },
  {
    code: "sigstore/timestamp-invalid",
    why: "a timestamp authority that was trusted until a second before",
    ask: () => rooted("timestampAuthorities.0.validFor.end", early, { isStamped: true }),
  },
  {
    code: "sigstore/timestamp-repeated",
    why: "one timestamp twice",
    ask: () => bent({ isStamped: true }, stampsPath, twice),
  },
  {
    code: "sigstore/time-threshold",
    why: "an integrated time that nobody signed",
    ask: () => bent({ isPromised: false }, `${entryPath}.integratedTime`, () => String(start / 1000)),
  },
  {
    code: "sigstore/time-threshold",
    why: "a Rekor v2 entry without a timestamp",
    ask: () => wished({ entry: "hashedrekord 0.0.2", isStamped: false }),
  },
  {
    code: "sigstore/log-unknown",
    why: "a log that is not in the root",
    also: ["sigstore/checkpoint-invalid", "sigstore/log-threshold"],
    ask: () => rooted("tlogs", at(stranger.root, "tlogs")),
  },
  {
    code: "sigstore/log-window",
    why: "a log that was trusted until a second before",
    ask: () => rooted("tlogs.0.publicKey.validFor.end", early),
  },
  {
    code: "sigstore/log-window",
    why: "a log without times of its own that was trusted until a second before",
    ask: () => rooted("tlogs.1.publicKey.validFor.end", early, { entry: "dsse 0.0.2" }),
  },
  {
    code: "sigstore/promise-missing",
    why: "a v0.1 bundle without a signed entry timestamp",
    ask: () => wished({ version: "0.1", isPromised: false, isStamped: true }),
  },
  {
    code: "sigstore/promise-invalid",
    why: "a signed entry timestamp for another time",
    ask: () => bent({}, `${entryPath}.integratedTime`, (seconds) => String(Number(seconds) + 1)),
  },
  {
    code: "sigstore/proof-missing",
    why: "a v0.2 bundle without a checkpoint",
    ask: () => bent({ version: "0.2" }, `${entryPath}.inclusionProof.checkpoint`, () => undefined),
  },
  {
    code: "sigstore/proof-invalid",
    why: "a hash of the proof flipped",
    ask: () => bent({}, `${entryPath}.inclusionProof.hashes.0`, flipped),
  },
  {
    code: "sigstore/checkpoint-invalid",
    why: "a checkpoint with a signature that is not the log's",
    ask: async () => {
      const [mine, theirs] = [await forgeBundle(world), await forgeBundle(world)];
      const path = `${entryPath}.inclusionProof.checkpoint.envelope`;
      const [text = ""] = textAt(mine, path).split("\n\n");
      const [, signatures = ""] = textAt(theirs, path).split("\n\n");
      return ask(bend(mine, path, `${text}\n\n${signatures}`), world.root);
    },
  },
  {
    code: "sigstore/entry-unknown",
    why: "an entry of a kind nobody reads",
    also: ["sigstore/promise-invalid"],
    ask: () => bent({}, `${entryPath}.kindVersion.version`, () => "9.9.9"),
  },
  {
    code: "sigstore/entry-mismatch",
    why: "another signature's entry",
    ask: async () => {
      const [mine, theirs] = [await forgeBundle(world), await forgeBundle(world)];
      return ask(bend(mine, entryPath, at(theirs, entryPath)), world.root);
    },
  },
  {
    code: "sigstore/entry-mismatch",
    why: "a number that is not the proof's in a log that has but one count",
    ask: () => bent({ entry: "dsse 0.0.2" }, `${entryPath}.logIndex`, () => "7"),
  },
  {
    code: "sigstore/entry-repeated",
    why: "one entry twice",
    ask: () => bent({}, "verificationMaterial.tlogEntries", twice),
  },
  {
    code: "sigstore/log-threshold",
    why: "no entry at all",
    ask: () => bent({ isStamped: true }, "verificationMaterial.tlogEntries", () => []),
  },
  {
    code: "sigstore/signature-invalid",
    why: "a signature that is not the certificate's",
    also: ["sigstore/entry-mismatch"],
    ask: () => bent({}, "messageSignature.signature", spoilt),
  },
  {
    code: "sigstore/digest-mismatch",
    why: "another digest than the artifact's",
    ask: () => bent({}, "messageSignature.messageDigest.digest", () => toBase64(new Uint8Array(32))),
  },
  {
    code: "sigstore/payload-type",
    why: "a payload that is no in-toto statement",
    ask: () => wished({ entry: "dsse 0.0.1", payloadType: "text/plain" }),
  },
  {
    code: "sigstore/statement-malformed",
    why: "a statement without subjects",
    ask: () => wished({ entry: "dsse 0.0.1", statement: bend(statement, "subject", []) }),
  },
  {
    code: "sigstore/subject-mismatch",
    why: "a statement about something else",
    ask: () => wished({ entry: "dsse 0.0.1" }, { artifact: other }),
  },
  {
    code: "sigstore/predicate-type",
    why: "a statement of another type",
    ask: () =>
      wished(
        { entry: "dsse 0.0.1" },
        { policy: { ...signedBy({}), predicateType: "https://example.org/v2" } },
      ),
  },
];

for (const { code, why, also = [], ask: put } of rows) {
  test(`refuses ${why} (${code}); nothing but that check does`, async () => {
    const question = await put();
    const verdict = await verifySigstoreBundle({ crypto: nodeCrypto }, question, without(also));
    assert.ok(verdict.kind === "refused", JSON.stringify(verdict));
    assert.equal(verdict.reasons[0].code, code, verdict.reasons[0].message);
    const whole = await verifySigstoreBundle({ crypto: nodeCrypto }, question);
    assert.equal(whole.kind, "refused");
    const control = await verifySigstoreBundle({ crypto: nodeCrypto }, question, without([code, ...also]));
    assert.ok(control.kind === "allowed", JSON.stringify(control));
    assert.deepEqual(control.facts.without, [code, ...also], "it says what was off");
  });
}

function without(codes: readonly SigstoreRefusal[]): Examination<SigstoreRefusal> {
  return new Examination(codes);
}

test("every reason code has its attack", () => {
  const attacked = new Set(rows.map(({ code }) => code));
  assert.deepEqual(
    sigstoreRefusals.filter((code) => !attacked.has(code)),
    [],
  );
});
