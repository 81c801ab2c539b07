import {
  findInt64,
  isNumber,
  isObject,
  numberText,
  objectEntries,
  objectGet,
  termText,
} from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import { wrongType } from "../operands.ts";
import { parseGoDuration } from "../time/duration.ts";

/*
 * Fields of a request of `http.send`, each as what it must be. All throw BuiltinError.
 */

/** Quotes around a text do not count. */
export function textField(request: AnyObject, name: string): string | undefined {
  const value = objectGet(request, name);
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw new BuiltinError(`"${name}" must be a string`);
  return value.replace(/^"+|"+$/g, "");
}

/** True and false, and the numbers 1 and 0 for them. */
export function switchField(request: AnyObject, name: string): boolean {
  const value = objectGet(request, name);
  if (value === undefined) return false;
  const text = termText(value);
  if (["true", "1"].includes(text)) return true;
  if (["false", "0"].includes(text)) return false;
  throw new BuiltinError(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

export function booleanField(request: AnyObject, name: string): boolean {
  const value = objectGet(request, name) ?? false;
  if (typeof value === "boolean") return value;
  throw new BuiltinError(`invalid value for "${name}" field`);
}

/** A count, zero by default. */
export function countField(request: AnyObject, name: string): number {
  const value = objectGet(request, name) ?? 0;
  const count = isNumber(value) ? findInt64(value) : undefined;
  if (count === undefined || count < 0n)
    throw new BuiltinError(`invalid value ${termText(value)} for field "${name}"`);
  return Number(count);
}

const millisecondNanoseconds = 1_000_000;

/** Milliseconds; the field has nanoseconds or a duration. Zero means as long as it may take. */
export function timeoutField(request: AnyObject): number {
  const value = objectGet(request, "timeout");
  if (value === undefined) return 5_000;
  return Math.max(0, Number(timeoutNanoseconds(value)) / millisecondNanoseconds);
}

function timeoutNanoseconds(value: RegoValue): bigint {
  if (isNumber(value)) {
    const nanoseconds = findInt64(value);
    if (nanoseconds !== undefined) return nanoseconds;
    throw new BuiltinError(`invalid timeout number value ${numberText(value)}, must be int64`);
  }
  if (typeof value !== "string") {
    const { message, code } = wrongType(value, 1, "string", "number");
    throw new BuiltinError(message.replace("operand 1 must", "operand 1 'timeout' must"), code);
  }
  return /^[+-]?\d{1,18}$/.test(value) ? BigInt(value.replace("+", "")) : durationField(value);
}

function durationField(text: string): bigint {
  try {
    return parseGoDuration(text);
  } catch (error) {
    if (!(error instanceof BuiltinError)) throw error;
    throw new BuiltinError(`invalid timeout value ${termText(text)}: ${error.message}`);
  }
}

/** The headers by their names as HTTP writes them: `Content-Type`. */
export function headersField(request: AnyObject): Record<string, string> {
  const value = objectGet(request, "headers");
  if (value === undefined) return {};
  if (!isObject(value)) throw new BuiltinError("invalid type for headers key");
  return Object.fromEntries(objectEntries(value).map(headerOf));
}

function headerOf([name, value]: readonly [RegoValue, RegoValue]): [string, string] {
  if (typeof value !== "string")
    throw new BuiltinError(`invalid type for headers value ${JSON.stringify(termText(value))}`);
  return [canonicalName(typeof name === "string" ? name : termText(name)), value];
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** RFC 9110 §5.1. */
export function isToken(text: string): boolean {
  return token.test(text);
}

/** What is no name of a header stays as it is. */
function canonicalName(name: string): string {
  if (!isToken(name)) return name;
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}
