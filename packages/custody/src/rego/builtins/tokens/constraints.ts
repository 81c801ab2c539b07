import { isNumber, numberText, objectEntries } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";
import { objectName } from "../../values/json-text.ts";
import { currentTime } from "../time/now.ts";
import type { TokenKey } from "../crypto/jwk.ts";
import { parseKeys } from "./keys.ts";

/** What a token must satisfy besides its signature. */
export interface Constraints {
  readonly keys: readonly TokenKey[] | undefined;
  readonly secret: string;
  readonly alg: string;
  readonly iss: string;
  readonly aud: string;
  readonly timeNanoseconds: number;
}

/**
 * The constraints of `io.jwt.decode_verify`; without `time` the time is now.
 *
 * @throws BuiltinError
 */
export function parseConstraints(context: BuiltinContext, operand: AnyObject): Constraints {
  const texts: Record<string, string> = {};
  let keys: readonly TokenKey[] | undefined;
  let time: number | undefined;
  for (const [name, value] of objectEntries(operand)) {
    if (name === "cert") keys = parseKeys(textConstraint(name, value));
    else if (name === "time") time = parseTime(value);
    else if (name === "secret" || name === "alg" || name === "iss" || name === "aud")
      texts[name] = textConstraint(name, value);
    else throw new BuiltinError(`unknown token validation constraint: ${objectName(name)}`);
  }
  const { secret = "", alg = "", iss = "", aud = "" } = texts;
  const timeNanoseconds = time ?? parseTime(currentTime(context));
  if (keys && secret !== "") throw new BuiltinError("duplicate key constraints");
  if (!keys && secret === "") throw new BuiltinError("no key constraint");
  return { keys, secret, alg, iss, aud, timeNanoseconds };
}

function textConstraint(name: string, value: RegoValue): string {
  if (typeof value === "string") return value;
  throw new BuiltinError(`${name} constraint: must be a string`);
}

function parseTime(value: RegoValue): number {
  if (!isNumber(value)) throw new BuiltinError("token time constraint: must be a number");
  const time = Number(numberText(value));
  if (time >= 0) return time;
  throw new BuiltinError("token time constraint: must not be negative");
}
