import { findInt64, isArray, isNumber, isObject, isSet, objectGet } from "../../values/index.ts";
import type { RegoArray, RegoValue } from "../../values/index.ts";

/** What a reference finds one step down: the value under a key, the item at an index, the member itself. */
export function findChild(value: RegoValue, key: RegoValue): RegoValue | undefined {
  if (isArray(value)) return findItem(value, key);
  if (isSet(value)) return value.get(key);
  return isObject(value) ? objectGet(value, key) : undefined;
}

function findItem(array: RegoArray, key: RegoValue): RegoValue | undefined {
  if (!isNumber(key)) return undefined;
  const index = findInt64(key);
  return index !== undefined && index >= 0n && index < array.length ? array[Number(index)] : undefined;
}
