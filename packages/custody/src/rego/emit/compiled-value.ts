import { RegoFault } from "../faults.ts";
import {
  isArray,
  isObject,
  isSet,
  objectEntries,
  objectOf,
  RegoNumber,
  RegoSet,
  numberOf,
} from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import type { ScalarKey } from "../values/value.ts";

/** A value as a compiled module holds it: scalars are themselves, everything else is an object of one name. */
export type CompiledValue =
  | null
  | boolean
  | string
  | number
  | { readonly number: string }
  | { readonly array: readonly CompiledValue[] }
  | { readonly set: readonly CompiledValue[] }
  | { readonly object: readonly (readonly [CompiledValue, CompiledValue])[] };

/** The form in which a compiled module holds a value. */
export function encodeValue(value: RegoValue): CompiledValue {
  if (value instanceof RegoNumber) return { number: value.text };
  if (isArray(value)) return { array: value.map(encodeValue) };
  if (isSet(value)) return { set: value.sorted().map(encodeValue) };
  if (isObject(value))
    return { object: objectEntries(value).map(([key, one]) => [encodeValue(key), encodeValue(one)]) };
  return value;
}

/** @throws RegoFault `rego/compiled` for what {@link encodeValue} does not make. */
export function decodeValue(value: CompiledValue): RegoValue {
  if (typeof value !== "object" || value === null) return value;
  if ("number" in value) return numberOf(value.number);
  if ("array" in value) return value.array.map(decodeValue);
  if ("set" in value) return new RegoSet(value.set.map(decodeValue));
  if ("object" in value)
    return objectOf(value.object.map(([key, one]) => [decodeValue(key), decodeValue(one)] as const));
  throw new RegoFault("rego/compiled", "the compiled module holds a value of no known form");
}

/** A key of a rule index as a compiled module holds it. */
export type CompiledKey = null | boolean | string | number | { readonly integer: string };

export function encodeKey(key: ScalarKey): CompiledKey {
  return typeof key === "bigint" ? { integer: String(key) } : key;
}

export function decodeKey(key: CompiledKey): ScalarKey {
  return typeof key === "object" && key !== null ? BigInt(key.integer) : key;
}
