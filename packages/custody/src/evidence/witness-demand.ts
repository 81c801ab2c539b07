import type { Crypto, Instant } from "custody/ground";
import { CustodyError, formatInstant, parseInstant, parseJson, parseUtf8, utf8 } from "custody/ground";
import { describeMissing, isPolicyLog, isQuorum, parseWitnessPolicy, readCosignatures } from "custody/note";
import type { Cosignature, WitnessPolicy } from "custody/note";
import * as v from "valibot";

import type { TrustedLog } from "./trusted-root.ts";

/** Which witnesses must have cosigned the log's checkpoint that proves a signature, and of which signatures that is asked. */
export interface WitnessDemand {
  readonly policy: WitnessPolicy;
  /** The policy's file as it came (C2SP tlog-policy). */
  readonly text: string;
  /** Signatures made before count without: no witness knew of them. Without it there are none such. */
  readonly start?: Instant;
}

export const witnessDemandMediaType = "application/vnd.custody.witness-policy.v1+json";

const demandShape = v.strictObject({
  mediaType: v.literal(witnessDemandMediaType),
  validFor: v.strictObject({ start: v.string() }),
  policy: v.string(),
});
const openingBrace = 0x7b;

/**
 * Reads a witness policy: the file of C2SP tlog-policy itself, or Custody's JSON around one that says from when on it
 * is asked for (no line of a policy begins with a brace).
 *
 * @throws CustodyError `note/policy`, or `evidence/witness-policy` for other JSON.
 */
export function parseWitnessDemand(hasher: Pick<Crypto, "sha256">, source: Uint8Array): WitnessDemand {
  if (source[0] !== openingBrace) {
    return { policy: parseWitnessPolicy(hasher, source), text: parseUtf8(source) };
  }
  const shape = v.safeParse(demandShape, parseJson(source));
  if (!shape.success) {
    throw new CustodyError(
      "evidence/witness-policy",
      `the witness policy is refused: ${shape.issues[0].message}`,
      {
        next: "get it again from the server: /witness_policy.json",
      },
    );
  }
  const { policy: text, validFor } = shape.output;
  return { policy: parseWitnessPolicy(hasher, utf8(text)), text, start: parseInstant(validFor.start) };
}

/** The JSON that {@link parseWitnessDemand} reads back. */
export function formatWitnessDemand(text: string, start: Instant): object {
  return { mediaType: witnessDemandMediaType, validFor: { start: formatInstant(start) }, policy: text };
}

/** What speaks against a checkpoint, each in a sentence; undefined where nothing does. */
export interface WitnessFindings {
  /** A cosignature under a known witness's key is not its own. */
  readonly bad: string | undefined;
  /** A cosignature is older than what it would have seen. */
  readonly early: string | undefined;
  /** The quorum is not reached. */
  readonly missing: string | undefined;
}

const nothing: WitnessFindings = { bad: undefined, early: undefined, missing: undefined };
/** By how much the clocks of a witness and of whoever stamped the signature may differ. */
const skewMilliseconds = 5 * 60 * 1000;

/** A checkpoint as a bundle carries it. */
export interface WitnessedCheckpoint {
  /** Undefined where the bundle has none, or it is no note. */
  readonly note: string | undefined;
  readonly log: Pick<TrustedLog, "origin" | "publicKey">;
  /** When the signature was made whose entry the checkpoint proves, if that is known. */
  readonly signedAt: Instant | undefined;
}

/**
 * Whether the witnesses cosigned a checkpoint, whose log signature the caller verifies.
 *
 * @throws CustodyError `note/syntax`, `note/limit` for what is no note.
 */
export async function judgeWitnesses(
  crypto: Crypto,
  { policy, start }: WitnessDemand,
  { note, log, signedAt }: WitnessedCheckpoint,
): Promise<WitnessFindings> {
  if (start !== undefined && signedAt !== undefined && signedAt < start) return nothing;
  if (note === undefined) return { ...nothing, missing: describeMissing(policy, []) };
  const { good, bad } = await readCosignatures(crypto, note, policy);
  const early = good.find(({ time }) => time < (signedAt ?? time) - skewMilliseconds);
  const [liar] = bad;
  return {
    bad: liar && `the cosignature under the key of ${liar.key.name} is not its own`,
    early: early && describeEarly(early),
    missing: findMissing(policy, log, good),
  };
}

function describeEarly({ witness, time }: Cosignature): string {
  return `${witness.key.name} cosigned at ${formatInstant(time)}, before the signature was made`;
}

function findMissing(
  policy: WitnessPolicy,
  { origin, publicKey }: WitnessedCheckpoint["log"],
  good: readonly Cosignature[],
): string | undefined {
  if (!isPolicyLog(policy, { name: origin, publicKey }))
    return `the witness policy does not name the log ${origin}`;
  const isReached = isQuorum(
    policy,
    good.map(({ witness }) => witness),
  );
  return isReached ? undefined : describeMissing(policy, good);
}
