import type { Certificate } from "custody/evidence";
import type { Bytes, Crypto, Instant, PublicKey } from "custody/ground";
import {
  concatBytes,
  DerReader,
  derOid,
  derTags,
  derValue,
  equalBytes,
  instantOf,
  isWithin,
  readDer,
} from "custody/ground";

import { attempt } from "./reasons.ts";
import { TlsReader, uint16, uint24 } from "./tls.ts";
import type { RootLog } from "./trusted-root.ts";

/** What the certificate transparency logs of the trusted root say of a certificate. */
export interface CertificateTimestamps {
  /** The logs whose signature over the certificate is good and was made while they were trusted; each once. */
  readonly logs: readonly RootLog[];
  /** False when the list cannot be read, or a trusted log's signature is bad or out of its time. */
  readonly isSound: boolean;
}

/** A SignedCertificateTimestamp (RFC 6962 §3.2). */
interface SignedCertificateTimestamp {
  readonly logId: Bytes;
  readonly time: Instant;
  readonly timeBytes: Bytes;
  readonly extensions: Bytes;
  readonly hash: number;
  readonly algorithm: number;
  readonly signature: Bytes;
}

const sctListOid = "1.3.6.1.4.1.11129.2.4.2";
const extensionsTag = 0xa3;
const maxTimestamps = 16;
/** HashAlgorithm and SignatureAlgorithm (RFC 5246 §7.4.1.4.1), the only ones that RFC 6962 §2.1.4 allows. */
const tlsSha256 = 4;
const tlsAlgorithms: Readonly<Record<number, string>> = { 1: "rsa-pkcs1-", 3: "ecdsa-" };

/** Verifies the timestamps embedded in a certificate (RFC 6962 §3.2, §3.3) against the logs. Unknown logs say nothing. */
export async function verifyCertificateTimestamps(
  crypto: Crypto,
  certificate: Certificate,
  issuer: Certificate,
  logs: readonly RootLog[],
): Promise<CertificateTimestamps> {
  const extension = certificate.extensions.get(sctListOid);
  if (!extension) return { logs: [], isSound: true };
  const parsed = attempt(() => ({
    timestamps: parseTimestampList(extension),
    entry: concatBytes(crypto.sha256(issuer.publicKey.spki), preCertificateOf(certificate.tbs)),
  }));
  if (!parsed) return { logs: [], isSound: false };
  const good = new Set<RootLog>();
  for (const timestamp of parsed.timestamps) {
    const known = logs.filter(({ logId }) => equalBytes(logId, timestamp.logId));
    const log = known.find(({ validFor }) => isWithin(timestamp.time, validFor));
    if (known.length === 0) continue;
    const isGood =
      log !== undefined &&
      isAllowed(timestamp, log.publicKey) &&
      (await crypto.verify(log.publicKey, timestamp.signature, signedBytes(timestamp, parsed.entry)));
    if (!isGood) return { logs: [], isSound: false };
    good.add(log);
  }
  return { logs: [...good], isSound: true };
}

function isAllowed({ hash, algorithm }: SignedCertificateTimestamp, { scheme }: PublicKey): boolean {
  const prefix = tlsAlgorithms[algorithm];
  return (
    prefix !== undefined && hash === tlsSha256 && scheme.startsWith(prefix) && scheme.endsWith("-sha256")
  );
}

function parseTimestampList(extension: Bytes): SignedCertificateTimestamp[] {
  const outer = new DerReader(extension);
  const list = new TlsReader(outer.read(derTags.octetString).content);
  outer.end();
  const timestamps = new TlsReader(list.vector16());
  list.end();
  const each: SignedCertificateTimestamp[] = [];
  while (!timestamps.isDone) {
    if (each.length === maxTimestamps) throw timestamps.fault("there are too many");
    each.push(parseTimestamp(timestamps.vector16()));
  }
  return each;
}

function parseTimestamp(bytes: Bytes): SignedCertificateTimestamp {
  const reader = new TlsReader(bytes);
  if (reader.uint8() !== 0) throw reader.fault("the version is not 1");
  const logId = reader.take(32);
  const timeBytes = reader.take(8);
  const time = instantOf(Number(new DataView(timeBytes.slice().buffer).getBigUint64(0)));
  const extensions = reader.vector16();
  const [hash, algorithm, signature] = [reader.uint8(), reader.uint8(), reader.vector16()];
  reader.end();
  return { logId, time, timeBytes, extensions, hash, algorithm, signature };
}

// digitally-signed of a precert_entry (RFC 6962 §3.2): version 0, certificate_timestamp 0, entry type 1.
function signedBytes({ timeBytes, extensions }: SignedCertificateTimestamp, entry: Bytes): Bytes {
  const head = new Uint8Array([0, 0]);
  return concatBytes(head, timeBytes, uint16(1), entry, uint16(extensions.length), extensions);
}

/** The signed part as the log saw it, without the list itself, and its length in front (RFC 6962 §3.2, TBSCertificate). */
function preCertificateOf(tbs: Bytes): Bytes {
  const members = readDer(tbs, derTags.sequence)
    .rest()
    .map(({ tag, content, whole }) => (tag === extensionsTag ? withoutList(content) : whole));
  const reduced = derValue(derTags.sequence, concatBytes(...members));
  return concatBytes(uint24(reduced.length), reduced);
}

function withoutList(content: Bytes): Bytes {
  const kept = readDer(content, derTags.sequence)
    .rest()
    .filter(({ content: extension }) => derOid(new DerReader(extension).read(derTags.oid)) !== sctListOid);
  const list = derValue(derTags.sequence, concatBytes(...kept.map(({ whole }) => whole)));
  return derValue(extensionsTag, list);
}
