import type { Bytes, Digest, Json } from "custody/ground";
import { canonicalJson, CustodyError, hexOf, parseJson } from "custody/ground";
import * as v from "valibot";

/** An in-toto Statement (in-toto/attestation, spec/v1/statement.md). */
export interface Statement {
  readonly subject: readonly ResourceDescriptor[];
  readonly predicateType: string;
  readonly predicate: Json;
}

/** What the statement is about: a name and the digests it is known by (spec/v1/digest_set.md). */
export interface ResourceDescriptor {
  readonly name: string;
  readonly digest: DigestSet;
}

/** Lowercase hexadecimal by algorithm name. */
export type DigestSet = Readonly<Record<string, string>>;

export const statementType = "https://in-toto.io/Statement/v1";
export const inTotoPayloadType = "application/vnd.in-toto+json";

const readTypes = [statementType, "https://in-toto.io/Statement/v0.1"];
const maxSubjects = 1024;
const maxDigests = 32;
const maxStatementBytes = 16 * 1024 * 1024;

export const digestSetShape = v.pipe(
  v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{32,128}$/))),
  v.check(
    (digests) => Object.keys(digests).length > 0 && Object.keys(digests).length <= maxDigests,
    "1 to 32 digests",
  ),
);

const statementShape = v.object({
  _type: v.picklist(readTypes),
  subject: v.pipe(
    v.array(
      v.object({ name: v.optional(v.pipe(v.string(), v.maxLength(4096)), ""), digest: digestSetShape }),
    ),
    v.minLength(1),
    v.maxLength(maxSubjects),
  ),
  predicateType: v.pipe(v.string(), v.minLength(1), v.maxLength(512)),
  predicate: v.optional(v.unknown(), {}),
});

/**
 * The statement of a verified payload. Unknown fields are passed over, as the specification demands.
 *
 * @throws CustodyError `evidence/statement`, `json/…`.
 */
export function parseStatement(payload: Bytes): Statement {
  const shape = v.safeParse(statementShape, parseJson(payload, { sizeBytes: maxStatementBytes }));
  if (!shape.success) {
    const [issue] = shape.issues;
    throw new CustodyError(
      "evidence/statement",
      `not an in-toto statement: ${v.getDotPath(issue)}: ${issue.message}`,
    );
  }
  const { subject, predicateType, predicate } = shape.output;
  return { subject, predicateType, predicate: predicate as Json };
}

/** The bytes to sign for a statement: canonical JSON, so that equal statements are equal bytes. */
export function formatStatement({ subject, predicateType, predicate }: Statement): Bytes {
  return canonicalJson({ _type: statementType, subject, predicateType, predicate });
}

/** Digest algorithms that bind an artifact; SHA-1 (git's, too) and older only name one. */
const binding = new Set(["sha256", "sha384", "sha512"]);

/** Whether two digest sets name the same thing: they share a binding algorithm, and agree on every one they share. */
export function isSameArtifact(a: DigestSet, b: DigestSet): boolean {
  const shared = Object.keys(a).filter((algorithm) => Object.hasOwn(b, algorithm));
  return (
    shared.some((algorithm) => binding.has(algorithm)) &&
    shared.every((algorithm) => a[algorithm] === b[algorithm])
  );
}

export function hasDigest(set: DigestSet, digest: Digest): boolean {
  return set["sha256"] === hexOf(digest);
}
