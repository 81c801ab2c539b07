import { canonicalize } from "@tufjs/canonical-json";
import type { Bytes } from "custody/ground";
import { CustodyError, parseJson, utf8 } from "custody/ground";
import * as v from "valibot";

import { tufFault } from "../faults.ts";
import type { TufSignature } from "../metadata.ts";
import { shapes } from "./shapes.ts";
import type { ForeignSigned, MetadataKind } from "./shapes.ts";

/** Metadata of a repository that may be anybody's: read, not yet believed. */
export interface ForeignMetadata<Kind extends MetadataKind> {
  readonly signed: ForeignSigned<Kind>;
  /** The canonical JSON that the signatures are over, with the fields that nobody here knows. */
  readonly signedBytes: Bytes;
  readonly signatures: readonly TufSignature[];
  /** The file. */
  readonly bytes: Bytes;
}

const maxSignatures = 1024;
const envelopeShape = v.object({
  signed: v.record(v.string(), v.unknown()),
  signatures: v.pipe(
    v.array(
      v.object({ keyid: v.pipe(v.string(), v.maxLength(256)), sig: v.pipe(v.string(), v.maxLength(4096)) }),
    ),
    v.maxLength(maxSignatures),
    v.check((all) => new Set(all.map(({ keyid }) => keyid)).size === all.length, "a key id has signed twice"),
  ),
});

/**
 * Metadata of that kind (TUF 1.0 §4.2–4.6), of any repository: each member once, spec_version 1.x, whole versions from 1.
 * Fields that are not known are let be, and stay signed.
 *
 * @throws CustodyError `tuf/malformed`.
 */
export function parseForeignMetadata<Kind extends MetadataKind>(
  bytes: Bytes,
  kind: Kind,
): ForeignMetadata<Kind> {
  const { signed, signatures } = readShape(envelopeShape, readJson(bytes, kind), kind);
  const shape = shapes[kind] as v.GenericSchema<unknown, ForeignSigned<Kind>>;
  return {
    signed: readShape(shape, signed, kind),
    signedBytes: canonicalBytes(signed, kind),
    signatures,
    bytes,
  };
}

function readJson(bytes: Bytes, kind: MetadataKind): unknown {
  try {
    return parseJson(bytes, { sizeBytes: bytes.length });
  } catch (cause) {
    if (cause instanceof CustodyError) throw malformed(kind, cause.message, cause);
    throw cause;
  }
}

function readShape<T>(shape: v.GenericSchema<unknown, T>, value: unknown, kind: MetadataKind): T {
  const result = v.safeParse(shape, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw malformed(kind, `${v.getDotPath(issue) ?? "they"}: ${issue.message}`);
}

// The canonical form knows no fractions.
function canonicalBytes(signed: object, kind: MetadataKind): Bytes {
  try {
    return utf8(canonicalize(signed));
  } catch (cause) {
    throw malformed(kind, (cause as Error).message, cause);
  }
}

function malformed(kind: MetadataKind, why: string, cause?: unknown): Error {
  return tufFault("tuf/malformed", `the ${kind} metadata are refused: ${why.slice(0, 300)}`, { cause });
}
