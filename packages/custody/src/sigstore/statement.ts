import type { Envelope } from "custody/dsse";
import { inTotoPayloadType, statementType } from "custody/evidence";
import type { HashName, Json } from "custody/ground";
import { parseJson, toHex } from "custody/ground";
import * as v from "valibot";

import type { Subject } from "./artifact.ts";
import { unknownDigest } from "./artifact.ts";
import type { Check } from "./check.ts";
import { attempt } from "./reasons.ts";

/** What an envelope says of the artifact. */
export interface SignedStatement {
  readonly predicateType: string;
  readonly predicate: Json;
}

const maxSubjects = 1024;
const maxDigests = 32;
const maxStatementBytes = 16 * 1024 * 1024;
const hashes: readonly HashName[] = ["sha256", "sha384", "sha512"];

const digestShape = v.pipe(
  v.record(v.string(), v.pipe(v.string(), v.maxLength(1024))),
  v.check((digests) => Object.keys(digests).length <= maxDigests),
);
// Unknown fields are passed over, as in-toto demands (attestation spec, parsing rules).
const statementShape = v.object({
  _type: v.picklist([statementType, "https://in-toto.io/Statement/v0.1"]),
  subject: v.pipe(
    v.array(v.object({ digest: v.optional(digestShape, {}) })),
    v.minLength(1),
    v.maxLength(maxSubjects),
  ),
  predicateType: v.pipe(v.string(), v.minLength(1), v.maxLength(512)),
  predicate: v.optional(v.unknown()),
});

/**
 * Demands that the envelope holds an in-toto statement of which the artifact is a subject: one whose digests share a
 * hash with what is known of the artifact, and agree on each that they share.
 *
 * @throws CustodyError `sigstore/digest-unknown` when only hashes decide that are not known of the artifact.
 */
export function demandSubject(check: Check, envelope: Envelope, subject: Subject): SignedStatement {
  check.demand(
    envelope.payloadType === inTotoPayloadType,
    "sigstore/payload-type",
    `the payload is "${envelope.payloadType}", not an in-toto statement`,
  );
  const json = attempt(() => parseJson(envelope.payload, { sizeBytes: maxStatementBytes }));
  const statement = v.safeParse(statementShape, json);
  check.demand(
    statement.success,
    "sigstore/statement-malformed",
    "the payload is not an in-toto statement with subjects",
  );
  if (!statement.success) return { predicateType: "", predicate: null };
  const digests = statement.output.subject.map(({ digest }) => digest);
  const isSubject = digests.some((digest) => isDigestOf(digest, subject));
  const missing = isSubject ? undefined : hashes.find((hash) => decidesUnknown(digests, hash, subject));
  if (missing) throw unknownDigest(missing);
  check.demand(isSubject, "sigstore/subject-mismatch", "the statement is about something else");
  const { predicateType, predicate = null } = statement.output;
  return { predicateType, predicate: predicate as Json };
}

type Digests = Readonly<Record<string, string>>;

function isDigestOf(digests: Digests, subject: Subject): boolean {
  const shared = hashes.flatMap((hash) => {
    const stated = digests[hash];
    const own = stated === undefined ? undefined : subject.find(hash);
    return own ? [stated === toHex(own)] : [];
  });
  return shared.length > 0 && shared.every(Boolean);
}

// A subject that is known by this hash alone may be the artifact, for all that can be told.
function decidesUnknown(all: readonly Digests[], hash: HashName, subject: Subject): boolean {
  return all.some(
    (digests) =>
      digests[hash] !== undefined &&
      subject.find(hash) === undefined &&
      hashes.every((other) => digests[other] === undefined || subject.find(other) === undefined),
  );
}
