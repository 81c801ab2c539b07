import { Boxed } from "./boxed.ts";
import { compareStrings } from "./strings.ts";
import type { AnyObject, PlainObject, RegoValue } from "./value.ts";

export type Entry = readonly [RegoValue, RegoValue];

/** How many keys an object has. */
export function objectSize(object: AnyObject): number {
  return object instanceof Boxed ? object.size : Object.keys(object).length;
}

/** The value under a key, or undefined. Names of `Object.prototype` are keys like any other. */
export function objectGet(object: AnyObject, key: RegoValue): RegoValue | undefined {
  if (object instanceof Boxed) return object.get(key);
  return typeof key === "string" && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The keys in the order of values. */
export function objectKeys(object: AnyObject): readonly RegoValue[] {
  if (object instanceof Boxed) return object.entries().map(([key]) => key);
  return sortedNames(object);
}

/** Keys and values, in the order of the keys. */
export function objectEntries(object: AnyObject): readonly Entry[] {
  if (object instanceof Boxed) return object.entries();
  const plain = object;
  return sortedNames(plain).map((name) => [name, plain[name] as RegoValue]);
}

/** The names of a plain object in the order of values. */
function sortedNames(object: PlainObject): string[] {
  const found = Object.keys(object);
  for (let i = 1; i < found.length; i++) {
    if (compareStrings(found[i - 1] as string, found[i] as string) > 0) return found.sort(compareStrings);
  }
  return found;
}
