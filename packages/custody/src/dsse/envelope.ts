import type { Bytes, Signer } from "custody/ground";
import { concatBytes, CustodyError, parseBase64, toBase64, utf8 } from "custody/ground";
import * as v from "valibot";

/** A DSSE envelope (secure-systems-lab/dsse, envelope.md); `payload` holds the very bytes that were signed. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Bytes;
  readonly signatures: readonly EnvelopeSignature[];
}

export interface EnvelopeSignature {
  /** A hint; it never decides which key is trusted. */
  readonly keyid?: string;
  readonly sig: Bytes;
}

const maxSignatures = 16;

const envelopeShape = v.object({
  payloadType: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  payload: v.string(),
  signatures: v.pipe(
    v.array(v.object({ keyid: v.optional(v.string()), sig: v.string() })),
    v.minLength(1),
    v.maxLength(maxSignatures),
  ),
});

/**
 * The bytes that a DSSE signature covers (protocol.md, PAE): lengths count bytes, not characters.
 */
export function preAuthEncode(payloadType: string, payload: Uint8Array): Bytes {
  const type = utf8(payloadType);
  return concatBytes(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
}

/**
 * The envelope that a parsed JSON value is; base64 may be standard or URL-safe (envelope.md).
 *
 * @throws CustodyError `dsse/envelope`.
 */
export function parseEnvelope(value: unknown): Envelope {
  const shape = v.safeParse(envelopeShape, value);
  if (!shape.success) throw envelopeFault(shape.issues[0].message);
  const { payloadType, payload, signatures } = shape.output;
  return {
    payloadType,
    payload: parseEitherBase64(payload),
    signatures: signatures.map(({ keyid, sig }) => ({
      ...(keyid ? { keyid } : {}),
      sig: parseEitherBase64(sig),
    })),
  };
}

/** The JSON form of an envelope; field order is fixed, base64 is standard. */
export function formatEnvelope(envelope: Envelope): object {
  return {
    payload: toBase64(envelope.payload),
    payloadType: envelope.payloadType,
    signatures: envelope.signatures.map(({ keyid, sig }) => ({
      ...(keyid ? { keyid } : {}),
      sig: toBase64(sig),
    })),
  };
}

/** Signs a payload; the one signature is over {@link preAuthEncode}. */
export async function signEnvelope(signer: Signer, payloadType: string, payload: Bytes): Promise<Envelope> {
  const sig = await signer.sign(preAuthEncode(payloadType, payload));
  return { payloadType, payload, signatures: [{ sig }] };
}

function parseEitherBase64(text: string): Bytes {
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  const padded = standard.endsWith("=") ? standard : standard.padEnd(Math.ceil(standard.length / 4) * 4, "=");
  try {
    return parseBase64(padded);
  } catch (cause) {
    throw envelopeFault("payload and sig are base64", cause);
  }
}

function envelopeFault(message: string, cause?: unknown): CustodyError<"dsse/envelope"> {
  return new CustodyError("dsse/envelope", `not a DSSE envelope: ${message}`, { cause });
}
