import { RegoFault } from "../../faults.ts";
import { types } from "../../types.ts";
import { isObject, kindName, objectGet, readJson, stringBytes } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { encodeBase64 } from "../encoding/base64-codec.ts";
import { goJson } from "../encoding/go-json.ts";
import { explainJson } from "../encoding/json-faults.ts";
import { stringOperand } from "../operands.ts";
import { algorithms, readJwks } from "./keys.ts";
import { sign } from "./signatures.ts";

const { any, objectOf, string } = types;
const document = objectOf(string, any);

/** Tokens in the compact form (RFC 7515 §7.1), signed with a JWK. */
export const encodeSignBuiltins: readonly Builtin[] = [
  {
    name: "io.jwt.encode_sign",
    args: [document, document, document],
    result: string,
    nondeterministic: true,
    evaluate: (context, header, payload, key) =>
      encodeSign(context, { header: goJson(header), payload: goJson(payload), key: goJson(key) }),
  },
  {
    name: "io.jwt.encode_sign_raw",
    args: [string, string, string],
    result: string,
    nondeterministic: true,
    evaluate: (context, headerOperand, payloadOperand, keyOperand) => {
      const key = stringOperand(keyOperand, 3);
      const header = stringOperand(headerOperand, 1);
      return encodeSign(context, { header, payload: stringOperand(payloadOperand, 2), key });
    },
  },
];

/** The JSON texts of a token to be. */
interface Parts {
  readonly header: string;
  readonly payload: string;
  readonly key: string;
}

function encodeSign(context: BuiltinContext, { header, payload, key }: Parts): string {
  const [first] = readJwks(key);
  if (!first) throw new BuiltinError("no keys found in JWK set");
  const { algorithm, type } = parseHeader(header);
  if (!algorithms.has(algorithm)) throw new BuiltinError(`unknown JWS algorithm: ${algorithm}`);
  if ((type === undefined || type === "JWT") && findJson(payload) === undefined)
    throw new BuiltinError("type is JWT but payload is not JSON");
  const signed = `${section(stringBytes(header))}.${section(stringBytes(payload))}`;
  return `${signed}.${section(sign(context, first, { algorithm, bytes: stringBytes(signed) }))}`;
}

function section(bytes: Uint8Array): string {
  return encodeBase64(bytes, "url").replaceAll("=", "");
}

function parseHeader(text: string): { readonly algorithm: string; readonly type: RegoValue | undefined } {
  // The reader of headers in OPA takes whatever begins like a number for one.
  const header = /^\s*[-+.eE\d]/.test(text) ? 0 : findJson(text);
  if (header === undefined) throw algorithmFault(`cannot parse JSON: ${explainHeader(text)}`);
  const fields = isObject(header) ? header : {};
  const [algorithm, type] = [objectGet(fields, "alg"), objectGet(fields, "typ")];
  if (algorithm === undefined) throw algorithmFault('jwsbb: header "alg" not found');
  if (typeof algorithm !== "string")
    throw algorithmFault(`value doesn't contain string; it contains ${jsonName(algorithm)}`);
  return { algorithm, type: typeof type === "string" ? type : undefined };
}

function jsonName(value: RegoValue): string {
  return typeof value === "boolean" ? String(value) : kindName(value);
}

function explainHeader(text: string): string {
  return text.trim() === "" ? 'cannot parse empty string; unparsed tail: ""' : explainJson(text);
}

function algorithmFault(reason: string): BuiltinError {
  return new BuiltinError(`missing or invalid 'alg' header: ${reason}`);
}

function findJson(text: string): RegoValue | undefined {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof RegoFault) return undefined;
    throw error;
  }
}
