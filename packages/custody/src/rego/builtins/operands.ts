import { findInt64, findInteger, isArray, isNumber, isObject, isSet, kindName } from "../values/index.ts";
import type { AnyNumber, AnyObject, RegoArray, RegoSet, RegoValue } from "../values/index.ts";
import { BuiltinError } from "./builtin.ts";

/*
 * Operands as what they must be. `position` counts from 1; each throws a BuiltinError that names it, in OPA's words.
 */

export function stringOperand(value: RegoValue, position: number): string {
  if (typeof value === "string") return value;
  throw wrongType(value, position, "string");
}

export function numberOperand(value: RegoValue, position: number): AnyNumber {
  if (isNumber(value)) return value;
  throw wrongType(value, position, "number");
}

/** An integer by its text, within 64 bits; past 2^53 the nearest double (only ever a limit is that large). */
export function intOperand(value: RegoValue, position: number): number {
  const number = numberOperand(value, position);
  if (Number.isSafeInteger(number)) return number as number;
  const integer = findInt64(number);
  if (integer !== undefined) return Number(integer);
  throw wrongOperand(position, "must be integer number but got floating-point number");
}

/** An integer of any size, by value. */
export function bigIntOperand(value: RegoValue, position: number): bigint {
  if (!isNumber(value)) throw wrongType(value, position, "integer");
  const integer = findInteger(value);
  if (integer !== undefined) return integer;
  throw wrongOperand(position, "must be integer number but got floating-point number");
}

export function arrayOperand(value: RegoValue, position: number): RegoArray {
  if (isArray(value)) return value;
  throw wrongType(value, position, "array");
}

export function setOperand(value: RegoValue, position: number): RegoSet {
  if (isSet(value)) return value;
  throw wrongType(value, position, "set");
}

export function objectOperand(value: RegoValue, position: number): AnyObject {
  if (isObject(value)) return value;
  throw wrongType(value, position, "object");
}

/** The members of an array, or of a set in their order. */
export function membersOperand(value: RegoValue, position: number): RegoArray {
  if (isArray(value)) return value;
  if (isSet(value)) return value.sorted();
  throw wrongType(value, position, "array", "set");
}

export function stringsOperand(value: RegoValue, position: number): readonly string[] {
  const members = membersOperand(value, position);
  const odd = members.find((member) => typeof member !== "string");
  if (odd === undefined) return members as readonly string[];
  throw wrongMember(value, position, odd, "string");
}

/** Of the wrong kind: "operand 1 must be string but got number". */
export function wrongType(value: RegoValue, position: number, ...wanted: readonly string[]): BuiltinError {
  return wrongOperand(position, `must be ${oneOf(wanted)} but got ${kindName(value)}`);
}

export function wrongMember(
  value: RegoValue,
  position: number,
  member: RegoValue,
  ...wanted: readonly string[]
): BuiltinError {
  const kinds = wanted.length === 1 ? `${wanted[0]}s` : `(any of) {${wanted.join(", ")}}`;
  return wrongOperand(
    position,
    `must be ${kindName(value)} of ${kinds} but got ${kindName(value)} containing ${kindName(member)}`,
  );
}

export function wrongOperand(position: number, message: string): BuiltinError {
  return new BuiltinError(`operand ${position} ${message}`, "eval_type_error");
}

function oneOf(wanted: readonly string[]): string {
  return wanted.length === 1 ? String(wanted[0]) : `one of {${wanted.join(", ")}}`;
}
