import { isObject, objectEntries, objectGet, stringBytes, stringOfBytes } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import { decodeBase64Url } from "../encoding/base64.ts";
import { unmarshalJson } from "../encoding/json.ts";
import { stringOperand } from "../operands.ts";

/** A token in its compact form (RFC 7515 §7.1), not yet decoded. */
export interface Token {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

/** @throws BuiltinError */
export function parseToken(operand: RegoValue): Token {
  const text = stringOperand(operand, 1);
  if (!text.includes(".")) throw new BuiltinError("encoded JWT had no period separators");
  const parts = text.split(".");
  const [header = "", payload = "", signature = ""] = parts;
  if (parts.length === 3) return { header, payload, signature };
  throw new BuiltinError(`encoded JWT must have 3 sections, found ${parts.length}`);
}

/** What the signature is over. */
export function signedBytes({ header, payload }: Token): Uint8Array {
  return stringBytes(`${header}.${payload}`);
}

/** The header, which is that of a signed token: encrypted ones are refused. @throws BuiltinError */
export function decodeHeader({ header }: Token): AnyObject {
  const text = stringOfBytes(decodePart(header, "header"));
  const decoded = withContext("bad JWT header", () => parseClaims(text));
  if (objectGet(decoded, "enc") === undefined) return decoded;
  throw new BuiltinError("JWT is a JWE object, which is not supported");
}

/** The payload's text. @throws BuiltinError */
export function decodePayload({ payload }: Token): string {
  return stringOfBytes(decodePart(payload, "payload"));
}

/** The bytes of a section; the error names it. */
export function decodePart(text: string, name: "header" | "payload" | "signature"): Uint8Array {
  return withContext(`JWT ${name} had invalid encoding`, () => decodeBase64Url(text));
}

/** A JSON object: claims or a header. @throws BuiltinError */
export function parseClaims(text: string): AnyObject {
  const value = withContext("invalid JSON", () => unmarshalJson(text));
  if (isObject(value)) return value;
  throw new BuiltinError("decoded JSON type was not an Object");
}

function withContext<Result>(context: string, attempt: () => Result): Result {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof BuiltinError) throw new BuiltinError(`${context}: ${error.message}`);
    throw error;
  }
}

/** The parameters of a header that are understood (RFC 7515 §4.1). */
export interface HeaderParameters {
  readonly alg: string;
  readonly kid: string;
  readonly cty: string;
  /** False when no algorithm is named, or when something must be understood that is not. */
  readonly acceptable: boolean;
}

const texts: ReadonlySet<RegoValue> = new Set(["alg", "kid", "typ", "cty"]);

/** @throws BuiltinError */
export function parseHeader(header: AnyObject): HeaderParameters {
  const critical = new Set<RegoValue>();
  const found: Record<string, string> = {};
  const unknown: RegoValue[] = [];
  for (const [name, value] of objectEntries(header)) {
    if (name === "crit") for (const entry of criticalNames(value)) critical.add(entry);
    else if (typeof name === "string" && texts.has(name)) found[name] = headerText(name, value);
    else unknown.push(name);
  }
  const { alg = "", kid = "", cty = "" } = found;
  return { alg, kid, cty, acceptable: alg !== "" && !unknown.some((name) => critical.has(name)) };
}

function headerText(name: string, value: RegoValue): string {
  if (typeof value === "string") return value;
  throw new BuiltinError(`${name}: must be a string`);
}

/** The names up to the first that is no string. */
function criticalNames(value: RegoValue): readonly RegoValue[] {
  if (!Array.isArray(value)) throw new BuiltinError("crit: must be a list");
  const end = value.findIndex((name) => typeof name !== "string");
  const names: readonly RegoValue[] = end < 0 ? value : value.slice(0, end);
  if (names.length === 0) throw new BuiltinError("crit: must be a nonempty list");
  return names;
}
