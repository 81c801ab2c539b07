import type { Bytes, Json } from "custody/ground";
import { parseBase64, parseJson } from "custody/ground";
import * as v from "valibot";

import type { SigstoreFaultCode } from "./reasons.ts";
import { reading, sigstoreFault } from "./reasons.ts";

// What protobuf's JSON form makes of scalars (ProtoJSON): 64-bit numbers as strings, bytes as base64, zero left out.

const countText = v.pipe(v.string(), v.regex(/^(?:0|[1-9][0-9]{0,15})$/, "not a decimal number"));

/** An int64 that is not negative and that JavaScript can hold; 0 where it is left out. */
export const count = v.optional(
  v.pipe(
    v.union([v.pipe(countText, v.transform(Number)), v.number()]),
    v.safeInteger("not a whole number"),
    v.minValue(0, "negative"),
  ),
  0,
);

/**
 * Bytes in base64, never empty: either alphabet, padded or not (ProtoJSON), lines broken or not (as `openssl` writes
 * them and every client reads them). Whatever else stands there is refused, bits that count for nothing too.
 */
export const base64 = v.pipe(v.string(), v.minLength(1, "empty"), v.rawTransform(decode));

function decode({ dataset, addIssue, NEVER }: v.RawTransformContext<string>): Bytes {
  try {
    const letters = dataset.value
      .replaceAll(/[\r\n]/g, "")
      .replaceAll("-", "+")
      .replaceAll("_", "/");
    return parseBase64(
      letters.includes("=") ? letters : letters.padEnd(Math.ceil(letters.length / 4) * 4, "="),
    );
  } catch {
    addIssue({ message: "not base64" });
    return NEVER;
  }
}

/** A list of at most `max` members; empty where it is left out. */
export function listOf<const Item extends v.GenericSchema>(item: Item, max: number) {
  return v.optional(v.pipe(v.array(item), v.maxLength(max, `more than ${max}`)), []);
}

interface Source {
  readonly code: SigstoreFaultCode;
  /** What it is, for the message. */
  readonly what: string;
  readonly sizeBytes: number;
}

/**
 * Reads JSON strictly (one value for every key) into a shape. A member that is null is one that is left out (ProtoJSON).
 *
 * @throws CustodyError with the source's code.
 */
export function readShape<const Schema extends v.GenericSchema>(
  bytes: Uint8Array,
  shape: Schema,
  { code, what, sizeBytes }: Source,
): v.InferOutput<Schema> {
  const value = reading(code, what, () => parseJson(bytes, { sizeBytes }));
  const result = v.safeParse(shape, withoutNulls(value));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw sigstoreFault(code, `${what} is malformed: ${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
}

function withoutNulls(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(withoutNulls);
  const kept: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) if (member !== null) kept[key] = withoutNulls(member);
  return kept;
}
