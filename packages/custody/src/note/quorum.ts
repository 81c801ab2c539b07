import type { Crypto, Instant, Verdict } from "custody/ground";
import { allowed, CustodyError, equalBytes, formatInstant, refused } from "custody/ground";

import { parseNote } from "./signed-note.ts";
import type { SignedNote } from "./signed-note.ts";
import { verifySignature } from "./verify-note.ts";
import type { VerifierKey } from "./verifier-key.ts";
import type { PolicyWitness, WitnessPolicy } from "./witness-policy.ts";

/** A witness that cosigned, and when it says that it did. */
export interface Cosignature {
  readonly witness: PolicyWitness;
  readonly time: Instant;
}

/** What the witnesses of a policy say of a note; each witness is in one of the lists at most, and once. */
export interface ReadCosignatures {
  readonly good: readonly Cosignature[];
  /** Those under whose key a signature stands that is not theirs, or that leaves out its time. */
  readonly bad: readonly PolicyWitness[];
}

/**
 * The cosignatures of a checkpoint that are by witnesses of the policy; those of strangers count for nothing. It says
 * nothing about the log's own signature.
 *
 * @throws CustodyError `note/syntax`, `note/limit` for what is no note.
 */
export async function readCosignatures(
  crypto: Crypto,
  note: string,
  policy: WitnessPolicy,
): Promise<ReadCosignatures> {
  const parsed = parseNote(note);
  const read = await Promise.all(policy.witnesses.map((witness) => readOne(crypto, parsed, witness)));
  return {
    good: read.flatMap((one) => (one.kind === "good" ? [one.cosignature] : [])),
    bad: read.flatMap((one) => (one.kind === "bad" ? [one.witness] : [])),
  };
}

type ReadCosignature =
  | { readonly kind: "none" }
  | { readonly kind: "good"; readonly cosignature: Cosignature }
  | { readonly kind: "bad"; readonly witness: PolicyWitness };

// Every signature that claims the witness's key must be good, and the latest time is the one that counts.
async function readOne(
  crypto: Crypto,
  { text, signatures }: SignedNote,
  witness: PolicyWitness,
): Promise<ReadCosignature> {
  const { key } = witness;
  const own = signatures.filter(({ name, keyId }) => name === key.name && keyId === key.keyId);
  const times: Instant[] = [];
  try {
    for (const signature of own)
      times.push((await verifySignature(crypto, key, signature, text)).time ?? noTime);
  } catch (error) {
    if (error instanceof CustodyError) return { kind: "bad", witness };
    throw error;
  }
  const [time] = times.toSorted((a, b) => b - a);
  if (time === undefined) return { kind: "none" };
  return times.includes(noTime) ? { kind: "bad", witness } : { kind: "good", cosignature: { witness, time } };
}

/** What an ML-DSA-44 cosignature may say instead of a time: that it makes no statement about the largest tree. */
const noTime = 0 as Instant;

/** Whether these witnesses are enough. Each is counted once, however often it is given. */
export function isQuorum({ groups, quorum }: WitnessPolicy, witnesses: Iterable<PolicyWitness>): boolean {
  const witnessed = new Set(Array.from(witnesses, ({ name }) => name));
  for (const { name, threshold, members } of groups) {
    if (members.filter((member) => witnessed.has(member)).length >= threshold) witnessed.add(name);
  }
  return quorum === undefined || witnessed.has(quorum);
}

/** Whether a policy takes that log's checkpoints: it names the log, or none at all. */
export function isPolicyLog({ logs }: WitnessPolicy, log: Pick<VerifierKey, "name" | "publicKey">): boolean {
  return (
    logs.length === 0 ||
    logs.some(({ key }) => key.name === log.name && equalBytes(key.publicKey.spki, log.publicKey.spki))
  );
}

/**
 * Whether the witnesses of a policy cosigned a checkpoint whose log signature the caller has verified.
 *
 * Refused with `note/cosignature` when a known witness's signature is bad, even beside enough good ones (C2SP
 * signed-note), and with `note/not-witnessed` when they are not enough.
 *
 * @throws CustodyError `note/syntax`, `note/limit`.
 */
export async function checkQuorum(
  crypto: Crypto,
  note: string,
  policy: WitnessPolicy,
): Promise<Verdict<readonly Cosignature[]>> {
  const { good, bad } = await readCosignatures(crypto, note, policy);
  const [first] = bad;
  if (first) {
    return refused(
      "note/cosignature",
      first.key.name,
      "the cosignature under the witness's key is not its own",
    );
  }
  const witnesses = good.map(({ witness }) => witness);
  return isQuorum(policy, witnesses)
    ? allowed(good)
    : refused("note/not-witnessed", policy.quorum ?? "none", describeMissing(policy, good));
}

/** One sentence on who cosigned, for a checkpoint that lacks its quorum. */
export function describeMissing(policy: WitnessPolicy, good: readonly Cosignature[]): string {
  const seen = good.map(({ witness, time }) => `${witness.key.name} at ${formatInstant(time)}`);
  const known = policy.witnesses.length;
  return `the quorum ${policy.quorum ?? "none"} is not reached: ${seen.length} of ${known} known witnesses cosigned${
    seen.length > 0 ? ` (${seen.join(", ")})` : ""
  }`;
}
