import { types } from "../../types.ts";
import { compareNumbers, isNumber, objectGet, stringBytes } from "../../values/index.ts";
import type { AnyObject, RegoArray, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { decodeBase64Url } from "../encoding/base64.ts";
import { objectOperand } from "../operands.ts";
import { parseConstraints } from "./constraints.ts";
import type { Constraints } from "./constraints.ts";
import { verifySignature, verifyWithAny } from "./signatures.ts";
import { decodeHeader, decodePayload, parseClaims, parseHeader, parseToken, signedBytes } from "./token.ts";

const { any, array, boolean, objectOf, string } = types;

/** Whether a token's signature and claims satisfy the constraints (RFC 7519 §7.2); if so, its header and payload. */
export const decodeVerifyBuiltin: Builtin = {
  name: "io.jwt.decode_verify",
  args: [string, objectOf(string, any)],
  result: array([boolean, objectOf(any, any), objectOf(any, any)]),
  nondeterministic: true,
  evaluate: decodeVerify,
};

function decodeVerify(context: BuiltinContext, token: RegoValue, operand: RegoValue): RegoArray {
  const constraints = parseConstraints(context, objectOperand(operand, 2));
  const opened = open(context, token, constraints);
  if (!opened || !accepts(constraints, opened.claims)) return [false, {}, {}];
  return [true, opened.header, opened.claims];
}

interface Opened {
  readonly header: AnyObject;
  readonly claims: AnyObject;
}

/** The innermost token, once every signature around it holds; undefined when one does not. */
function open(context: BuiltinContext, operand: RegoValue, constraints: Constraints): Opened | undefined {
  const token = parseToken(operand);
  const header = decodeHeader(token);
  const { alg, kid, cty, acceptable } = parseHeader(header);
  if (!acceptable || (constraints.alg !== "" && constraints.alg !== alg)) return undefined;
  const signature = decodeBase64Url(token.signature);
  const signed = { algorithm: alg, bytes: signedBytes(token), signature };
  const holds = constraints.keys
    ? verifyWithAny(context, constraints.keys, { kid, alg, signed })
    : verifySignature(context, { algorithm: alg, id: "", secret: stringBytes(constraints.secret) }, signed);
  if (!holds) return undefined;
  const payload = decodePayload(token);
  return cty.toUpperCase() === "JWT"
    ? open(context, payload, constraints)
    : { header, claims: parseClaims(payload) };
}

/** The registered claims (RFC 7519 §4.1) against the constraints. */
function accepts({ iss, aud, timeNanoseconds }: Constraints, claims: AnyObject): boolean {
  const seconds = timeNanoseconds / 1_000_000_000;
  if (iss !== "" && objectGet(claims, "iss") !== iss) return false;
  if (!acceptsAudience(aud, objectGet(claims, "aud"))) return false;
  const [exp, nbf] = [objectGet(claims, "exp"), objectGet(claims, "nbf")];
  if (exp !== undefined && compareSeconds("exp", seconds, exp) >= 0) return false;
  return nbf === undefined || compareSeconds("nbf", seconds, nbf) >= 0;
}

function acceptsAudience(wanted: string, audience: RegoValue | undefined): boolean {
  if (audience === undefined) return wanted === "";
  return Array.isArray(audience) ? audience.includes(wanted) : audience === wanted;
}

function compareSeconds(name: string, seconds: number, claim: RegoValue): number {
  if (isNumber(claim)) return compareNumbers(seconds, claim);
  throw new BuiltinError(`${name} value must be a number`);
}
