import type { Bytes, DerValue } from "custody/ground";
import { CustodyError, DerReader, derOid, derTags, equalBytes, parseBase64, readDer } from "custody/ground";
import * as v from "valibot";

/** What is to be stamped (RFC 3161 §2.4.1). */
export interface TimestampRequest {
  readonly hashOid: string;
  readonly digest: Bytes;
  /** As its INTEGER's content, to be given back as it came. */
  readonly nonce: Bytes | undefined;
  readonly wantsCertificates: boolean;
}

/** Why a request is rejected, in the words of PKIFailureInfo (§2.4.2). */
export type TimestampFailure = "badAlg" | "badDataFormat" | "unacceptedPolicy" | "unacceptedExtension";

/** The policy under which times are the server's clock, with no claim of its accuracy (2.25: UUID-based). */
export const timestampPolicyOid = "1.3.6.1.4.1.57264.2";
export const sha256Oid = "2.16.840.1.101.3.4.2.1";

const hashes: Readonly<Record<string, { readonly oid: string; readonly length: number }>> = {
  sha256: { oid: sha256Oid, length: 32 },
  sha384: { oid: "2.16.840.1.101.3.4.2.2", length: 48 },
  sha512: { oid: "2.16.840.1.101.3.4.2.3", length: 64 },
};
const lengths = new Map(Object.values(hashes).map(({ oid, length }) => [oid, length]));
const version1 = new Uint8Array([1]);
const booleanTag = 0x01;
const nullTag = 0x05;
const extensionsTag = 0xa0;
const maxNonceBytes = 64;

/** A request that is rejected. */
export class TimestampRejection extends Error {
  readonly failure: TimestampFailure;

  constructor(failure: TimestampFailure, what?: string) {
    super(`the timestamp request is rejected: ${failure}${what === undefined ? "" : `: ${what}`}`);
    this.failure = failure;
  }
}

/**
 * Reads a DER request strictly.
 *
 * @throws TimestampRejection
 */
export function parseTimestampRequest(der: Bytes): TimestampRequest {
  try {
    return readRequest(readDer(der, derTags.sequence));
  } catch (error) {
    if (error instanceof CustodyError) throw new TimestampRejection("badDataFormat");
    throw error;
  }
}

function readRequest(request: DerReader): TimestampRequest {
  if (!equalBytes(request.read(derTags.integer).content, version1))
    throw new TimestampRejection("badDataFormat");
  const imprint = readImprint(request.enter(derTags.sequence));
  const policy = request.find(derTags.oid);
  if (policy && oidOf(policy) !== timestampPolicyOid) throw new TimestampRejection("unacceptedPolicy");
  const nonce = request.find(derTags.integer)?.content;
  const wantsCertificates = request.find(booleanTag)?.content[0] === 0xff;
  if (request.find(extensionsTag)) throw new TimestampRejection("unacceptedExtension");
  request.end();
  if (nonce && nonce.length > maxNonceBytes) throw new TimestampRejection("badDataFormat");
  return { ...imprint, nonce, wantsCertificates };
}

function readImprint(imprint: DerReader): Pick<TimestampRequest, "hashOid" | "digest"> {
  const algorithm = imprint.enter(derTags.sequence);
  const hashOid = derOid(algorithm.read(derTags.oid));
  algorithm.find(nullTag);
  algorithm.end();
  const digest = imprint.read(derTags.octetString).content;
  imprint.end();
  return demandHash(hashOid, digest);
}

function demandHash(hashOid: string, digest: Bytes): Pick<TimestampRequest, "hashOid" | "digest"> {
  const length = lengths.get(hashOid);
  if (length === undefined) throw new TimestampRejection("badAlg");
  if (digest.length !== length) {
    throw new TimestampRejection("badDataFormat", `the digest has ${digest.length} bytes, and not ${length}`);
  }
  return { hashOid, digest };
}

function oidOf({ whole }: DerValue): string {
  return derOid(new DerReader(whole).read(derTags.oid));
}

const jsonShape = v.object({
  artifactHash: v.pipe(v.string(), v.maxLength(128)),
  hashAlgorithm: v.picklist(["sha256", "sha384", "sha512"]),
  certificates: v.optional(v.boolean(), false),
  nonce: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  tsaPolicyOID: v.optional(v.string(), timestampPolicyOid),
});

/**
 * The request of Sigstore's clients, which ask in JSON.
 *
 * @throws TimestampRejection
 */
export function readTimestampJson(value: unknown): TimestampRequest {
  const shape = v.safeParse(jsonShape, value);
  if (!shape.success) {
    const [issue] = shape.issues;
    throw new TimestampRejection("badDataFormat", `${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
  }
  const { artifactHash, hashAlgorithm, certificates, nonce, tsaPolicyOID } = shape.output;
  if (tsaPolicyOID !== timestampPolicyOid) throw new TimestampRejection("unacceptedPolicy");
  const imprint = demandHash(hashes[hashAlgorithm]?.oid ?? "", digestOf(artifactHash));
  return {
    ...imprint,
    nonce: nonce === undefined ? undefined : integerOf(nonce),
    wantsCertificates: certificates,
  };
}

function digestOf(text: string): Bytes {
  try {
    return parseBase64(text);
  } catch (error) {
    if (error instanceof CustodyError) {
      throw new TimestampRejection("badDataFormat", `artifactHash: ${error.message}`);
    }
    throw error;
  }
}

/** The content of a DER INTEGER that is not negative (X.690 §8.3). */
function integerOf(value: number): Bytes {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  if ((bytes[0] ?? 0x80) >= 0x80) bytes.unshift(0);
  return Uint8Array.from(bytes);
}
