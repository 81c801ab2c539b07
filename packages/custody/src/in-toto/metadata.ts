import { canonicalize } from "@tufjs/canonical-json";
import { parseEnvelope, preAuthEncode } from "custody/dsse";
import type { Bytes, Json } from "custody/ground";
import { parseHex, parseJson, utf8 } from "custody/ground";
import * as v from "valibot";

import { inTotoFault } from "./faults.ts";

/** A signed layout or link, in either form: the in-toto metablock (specification v1.0 §4.2) or a DSSE envelope. */
export interface Metadata {
  /** What was signed, as parsed JSON. */
  readonly signed: Json;
  /** The bytes that each signature covers. */
  readonly covered: Bytes;
  readonly signatures: readonly MetadataSignature[];
}

interface MetadataSignature {
  readonly keyid: string;
  readonly signature: Bytes;
  /** PEM, where an X.509 functionary signed. */
  readonly certificate: string | undefined;
}

const payloadType = "application/vnd.in-toto+json";
const maxBytes = 16 * 1024 * 1024;
const maxSignatures = 64;

const metablockShape = v.object({
  signed: v.looseObject({}),
  signatures: v.pipe(
    v.array(
      v.object({
        keyid: v.pipe(v.string(), v.maxLength(256)),
        sig: v.pipe(v.string(), v.maxLength(8192)),
        cert: v.optional(v.pipe(v.string(), v.maxLength(32_768)), ""),
      }),
    ),
    v.maxLength(maxSignatures),
  ),
});

/**
 * Reads signed metadata strictly: no duplicate keys, bounded, of the one payload type.
 *
 * @throws CustodyError `in-toto/metadata`, `dsse/envelope`, `json/…`.
 */
export function parseMetadata(bytes: Uint8Array): Metadata {
  const value = parseJson(bytes, { sizeBytes: maxBytes });
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed("it is no object");
  return "payloadType" in value ? parseDsse(value) : parseMetablock(value);
}

function parseDsse(value: Json): Metadata {
  const envelope = parseEnvelope(value);
  if (envelope.payloadType !== payloadType) throw malformed(`its payload type is not ${payloadType}`);
  return {
    signed: parseJson(envelope.payload, { sizeBytes: maxBytes }),
    covered: preAuthEncode(envelope.payloadType, envelope.payload),
    signatures: envelope.signatures.map(({ keyid = "", sig }) => ({
      keyid,
      signature: sig,
      certificate: undefined,
    })),
  };
}

function parseMetablock(value: Json): Metadata {
  const shape = v.safeParse(metablockShape, value);
  if (!shape.success) throw malformed(`${v.getDotPath(shape.issues[0]) ?? "it"}: ${shape.issues[0].message}`);
  const { signed, signatures } = shape.output;
  return {
    signed: signed as Json,
    covered: utf8(canonicalText(signed)),
    signatures: signatures.map(({ keyid, sig, cert }) => ({
      keyid,
      signature: parseSignature(sig),
      certificate: cert === "" ? undefined : cert,
    })),
  };
}

function canonicalText(signed: object): string {
  try {
    return canonicalize(signed);
  } catch (cause) {
    throw malformed(`it has no canonical form: ${(cause as Error).message}`, cause);
  }
}

// What is no hexadecimal is no signature of anybody's.
function parseSignature(text: string): Bytes {
  return /^(?:[0-9a-f]{2})*$/i.test(text) ? parseHex(text.toLowerCase()) : new Uint8Array();
}

function malformed(message: string, cause?: unknown): Error {
  return inTotoFault("in-toto/metadata", `not in-toto metadata: ${message}`, { cause });
}
