import type { Bytes, DerValue, Instant } from "custody/ground";
import {
  CustodyError,
  derOid,
  DerReader,
  derSmallInteger,
  derTags,
  derTime,
  findFaultCode,
  readDer,
} from "custody/ground";

/** What an RFC 3161 time-stamp token says, with the bytes its signature covers. */
export interface Timestamp {
  readonly time: Instant;
  readonly imprint: { readonly algorithm: string; readonly hash: Bytes };
  /** DER of the TSTInfo, as it was signed. */
  readonly info: Bytes;
  readonly signer: TimestampSigner;
}

/** The one SignerInfo of the token (RFC 5652 §5.3). */
export interface TimestampSigner {
  /** By what it names its certificate: the issuer's name and the serial number, or the identifier of the key. */
  readonly identifier:
    | { readonly kind: "serial"; readonly issuer: Bytes; readonly serialNumber: Bytes }
    | { readonly kind: "key"; readonly keyIdentifier: Bytes };
  readonly digestAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly signature: Bytes;
  /** The attributes one after another, as they came. */
  readonly signedAttributes: Bytes | undefined;
}

/** id-ct-TSTInfo (RFC 3161 §2.4.2) and id-signedData (RFC 5652 §5.1). */
export const tstInfoOid = "1.2.840.113549.1.9.16.1.4";
const signedDataOid = "1.2.840.113549.1.7.2";

const maxTokenBytes = 16_384;
const unreadable = new Set(["der/malformed", "bytes/utf8", "instant/syntax"]);
/** PKIStatus `granted` and `grantedWithMods` (RFC 3161 §2.4.2). */
const lastGrantedStatus = 1;
/** Context tags [0] and [1], constructed. */
const context0 = 0xa0;
const context1 = 0xa1;
const keyIdentifierTag = 0x80;

/**
 * Reads a TimeStampResp strictly: granted, one signer, one TSTInfo.
 *
 * @throws CustodyError `evidence/timestamp-malformed`.
 */
export function parseTimestamp(bytes: Bytes): Timestamp {
  if (bytes.length > maxTokenBytes) throw timestampFault("it is too large");
  try {
    return readResponse(readDer(bytes, derTags.sequence));
  } catch (cause) {
    if (unreadable.has(findFaultCode(cause) ?? "")) throw timestampFault((cause as Error).message, cause);
    throw cause;
  }
}

function readResponse(response: DerReader): Timestamp {
  const status = derSmallInteger(response.enter(derTags.sequence).read(derTags.integer));
  if (status > lastGrantedStatus || response.isDone) throw timestampFault("it was not granted");
  const token = response.enter(derTags.sequence);
  response.end();
  if (derOid(token.read(derTags.oid)) !== signedDataOid) throw timestampFault("it is not signed data");
  const signed = readDer(token.read(context0).content, derTags.sequence);
  token.end();
  return readSignedData(signed);
}

// RFC 5652 §5.1. Certificates that came along are passed over: the trusted root has the one that counts.
function readSignedData(signed: DerReader): Timestamp {
  signed.read(derTags.integer);
  signed.read(derTags.set);
  const info = readContent(signed.enter(derTags.sequence));
  signed.find(context0);
  signed.find(context1);
  const [signer, second] = signed.enter(derTags.set).rest();
  signed.end();
  if (!signer || second) throw timestampFault("it does not have exactly one signer");
  return { ...readInfo(readDer(info, derTags.sequence)), info, signer: readSigner(signer) };
}

function readContent(content: DerReader): Bytes {
  if (derOid(content.read(derTags.oid)) !== tstInfoOid) throw timestampFault("it does not hold a TSTInfo");
  const explicit = new DerReader(content.read(context0).content);
  content.end();
  const info = explicit.read(derTags.octetString).content;
  explicit.end();
  return info;
}

// RFC 3161 §2.4.2: version, policy, imprint, serial number, time; what follows narrows nothing that is decided here.
function readInfo(info: DerReader): Pick<Timestamp, "time" | "imprint"> {
  info.read(derTags.integer);
  info.read(derTags.oid);
  const imprint = info.enter(derTags.sequence);
  const algorithm = readAlgorithm(imprint);
  const hash = imprint.read(derTags.octetString).content;
  imprint.end();
  info.read(derTags.integer);
  const time = derTime(info.read(derTags.generalizedTime));
  info.rest();
  return { time, imprint: { algorithm, hash } };
}

function readSigner({ whole }: DerValue): TimestampSigner {
  const signer = readDer(whole, derTags.sequence);
  signer.read(derTags.integer);
  const identifier = readIdentifier(signer.next());
  const digestAlgorithm = readAlgorithm(signer);
  const signedAttributes = signer.find(context0)?.content;
  const signatureAlgorithm = readAlgorithm(signer);
  const signature = signer.read(derTags.octetString).content;
  signer.find(context1);
  signer.end();
  return { identifier, digestAlgorithm, signedAttributes, signatureAlgorithm, signature };
}

// SignerIdentifier (RFC 5652 §5.3): a SEQUENCE, or [0] IMPLICIT OCTET STRING.
function readIdentifier({ tag, content, whole }: DerValue): TimestampSigner["identifier"] {
  if (tag === keyIdentifierTag) return { kind: "key", keyIdentifier: content };
  const names = readDer(whole, derTags.sequence);
  const issuer = names.read(derTags.sequence).whole;
  const serialNumber = names.read(derTags.integer).content;
  names.end();
  return { kind: "serial", issuer, serialNumber };
}

function readAlgorithm(parent: DerReader): string {
  return derOid(parent.enter(derTags.sequence).read(derTags.oid));
}

function timestampFault(message: string, cause?: unknown): CustodyError<"evidence/timestamp-malformed"> {
  return new CustodyError("evidence/timestamp-malformed", `the timestamp is refused: ${message}`, { cause });
}
