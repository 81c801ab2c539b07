import { nodeCrypto } from "@custody/node/crypto";
import { canonicalJson, concatBytes, derValue, parseHex, toBase64, toHex, utf8 } from "custody/ground";
import type { Bytes, Json, Signer } from "custody/ground";
import { leafHash, nodeHash } from "custody/merkle";
import { formatCheckpoint, formatNote } from "custody/note";

/** A transparency log that takes whatever it is given: Rekor v1 (ECDSA, promises, shards) or v2 (Ed25519). */
export interface ForgedLog {
  readonly host: string;
  readonly origin: string;
  readonly signer: Signer;
  readonly logId: Bytes;
}

export function makeLogV1(host: string, signer: Signer): ForgedLog {
  return { host, origin: `${host} - 42`, signer, logId: nodeCrypto.sha256(signer.publicKey.spki) };
}

export function makeLogV2(host: string, signer: Signer): ForgedLog {
  const key = signer.publicKey.spki.slice(-32);
  const logId = nodeCrypto.sha256(concatBytes(utf8(`${host}\n`), new Uint8Array([1]), key));
  return { host, origin: host, signer, logId };
}

/** A checkpoint over that root, by the log's key. */
async function signCheckpoint(log: ForgedLog, size: number, rootHash: Bytes): Promise<string> {
  const text = formatCheckpoint({ origin: log.origin, size, rootHash, extensions: [] });
  const keyId = toHex(log.logId.slice(0, 4));
  return formatNote({
    text,
    signatures: [{ name: log.host, keyId, signature: await log.signer.sign(utf8(text)) }],
  });
}

/** The entry of a body, the second of two leaves, with its proof; with a time it is promised too. */
export async function logEntry(
  log: ForgedLog,
  body: Json,
  { seconds, index = 1 }: { readonly seconds?: number; readonly index?: number },
): Promise<Json> {
  const bytes = canonicalJson(body);
  const other = leafHash(nodeCrypto, utf8("another entry"));
  const rootHash = nodeHash(nodeCrypto, other, leafHash(nodeCrypto, bytes));
  const { kind, apiVersion } = body as { readonly kind: string; readonly apiVersion: string };
  return {
    logIndex: String(index),
    logId: { keyId: toBase64(log.logId) },
    kindVersion: { kind, version: apiVersion },
    ...(seconds === undefined ? {} : await promise(log, { bytes, seconds, index })),
    inclusionProof: {
      logIndex: "1",
      rootHash: toBase64(rootHash),
      treeSize: "2",
      hashes: [toBase64(other)],
      checkpoint: { envelope: await signCheckpoint(log, 2, rootHash) },
    },
    canonicalizedBody: toBase64(bytes),
  };
}

async function promise(
  log: ForgedLog,
  { bytes, seconds, index }: { readonly bytes: Bytes; readonly seconds: number; readonly index: number },
) {
  const signed = canonicalJson({
    body: toBase64(bytes),
    integratedTime: seconds,
    logID: toHex(log.logId),
    logIndex: index,
  });
  return {
    integratedTime: String(seconds),
    inclusionPromise: { signedEntryTimestamp: toBase64(await log.signer.sign(signed)) },
  };
}

const tag = { sequence: 0x30, octetString: 0x04, bitString: 0x03, extensions: 0xa3 } as const;
const sctListOid = parseHex("060a2b06010401d679020402");

/** The signed part of a certificate with a list of certificate timestamps by that log in it (RFC 6962 §3.3). */
export async function withTimestamp(
  tbs: readonly Bytes[],
  issuerSpki: Bytes,
  log: { readonly signer: Signer; readonly milliseconds: number },
): Promise<Bytes> {
  const plain = derValue(tag.sequence, concatBytes(...tbs));
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(log.milliseconds));
  const signed = concatBytes(
    new Uint8Array([0, 0]),
    time,
    new Uint8Array([0, 1]),
    nodeCrypto.sha256(issuerSpki),
    new Uint8Array([0, plain.length >> 8, plain.length & 0xff]),
    plain,
    new Uint8Array([0, 0]),
  );
  const signature = await log.signer.sign(signed);
  const logId = nodeCrypto.sha256(log.signer.publicKey.spki);
  const sct = concatBytes(new Uint8Array([0]), logId, time, new Uint8Array([0, 0, 4, 3]), vector(signature));
  const list = derValue(tag.octetString, vector(vector(sct)));
  const extension = derValue(tag.sequence, concatBytes(sctListOid, derValue(tag.octetString, list)));
  const last = tbs.at(-1) ?? new Uint8Array();
  return derValue(tag.sequence, concatBytes(...tbs.slice(0, -1), appended(last, extension)));
}

// [3] { SEQUENCE { … } } with one more member; both lengths stand in two bytes after 0x82, or in one after 0x81.
function appended(wrapped: Bytes, extension: Bytes): Bytes {
  const members = contentOf(contentOf(wrapped));
  return derValue(tag.extensions, derValue(tag.sequence, concatBytes(members, extension)));
}

function contentOf(der: Bytes): Bytes {
  const first = der[1] ?? 0;
  return der.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
}

function vector(bytes: Bytes): Bytes {
  return concatBytes(new Uint8Array([bytes.length >> 8, bytes.length & 0xff]), bytes);
}
