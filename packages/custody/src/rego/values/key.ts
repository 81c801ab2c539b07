import { objectEntries } from "./entries.ts";
import { kindOf, kinds } from "./kinds.ts";
import { numberKey } from "./number.ts";
import type { AnyNumber } from "./number.ts";
import type { RegoSet } from "./set.ts";
import type { AnyObject, RegoArray, RegoValue, ScalarKey } from "./value.ts";

/** What a scalar is filed under; undefined for an array, an object or a set. */
export function findScalarKey(value: RegoValue): ScalarKey | undefined {
  if (typeof value !== "object" && typeof value !== "number") return value;
  if (value === null) return null;
  return kindOf(value) === kinds.number ? scalarNumberKey(value as AnyNumber) : undefined;
}

function scalarNumberKey(value: AnyNumber): ScalarKey {
  const key = numberKey(value);
  // No string of Rego holds a lone surrogate: this prefix keeps huge decimals apart from strings.
  return typeof key === "string" ? `\ud800${key}` : key;
}

/** A text that two values share exactly when they are equal. */
export function canonicalKey(value: RegoValue): string {
  switch (kindOf(value)) {
    case kinds.string:
      return JSON.stringify(value);
    case kinds.number:
      return String(numberKey(value as AnyNumber));
    case kinds.array:
      return `[${(value as RegoArray).map(canonicalKey).join()}]`;
    case kinds.object:
      return `{${objectEntries(value as AnyObject)
        .map(canonicalEntry)
        .join()}}`;
    case kinds.set:
      return `<${(value as RegoSet).sorted().map(canonicalKey).join()}>`;
    default:
      return JSON.stringify(value);
  }
}

function canonicalEntry([key, value]: readonly [RegoValue, RegoValue]): string {
  return `${canonicalKey(key)}:${canonicalKey(value)}`;
}
