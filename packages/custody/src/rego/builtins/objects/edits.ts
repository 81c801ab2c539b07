import {
  equal,
  findInt64,
  isArray,
  isNumber,
  isObject,
  isSet,
  kindName,
  objectEntries,
  objectOf,
  RegoSet,
  termText,
} from "../../values/index.ts";
import type { AnyObject, RegoArray, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import { findChild } from "./children.ts";

/*
 * Edits of one container; each answers a changed copy. In an array a key is an index, `-` the place behind the last
 * item.
 */

/** @throws BuiltinError where there is nothing under the key. */
export function stepInto(container: RegoValue, key: RegoValue): RegoValue {
  if (!isComposite(container)) throw notComposite(container, ` for path ${termText(key)}`);
  const place = isArray(container) ? indexOf(container, key) : key;
  const child = findChild(container, place);
  if (child !== undefined) return child;
  const shown = isSet(container) && typeof place === "string" ? place : termText(place);
  throw new BuiltinError(
    `path ${shown} does not exist in ${kindName(container)} term ${termText(container)}`,
  );
}

export function insertChild(container: RegoValue, key: RegoValue, value: RegoValue): RegoValue {
  if (isObject(container)) return objectOf([...objectEntries(container), [key, value]]);
  if (isSet(container)) return insertMember(container, key, value);
  if (!isArray(container)) throw notComposite(container);
  const index = indexOf(container, key);
  if (index >= 0 && index <= container.length) return container.toSpliced(index, 0, value);
  throw new BuiltinError("index for array insertion out of bounds");
}

function insertMember(set: RegoSet, key: RegoValue, value: RegoValue): RegoSet {
  if (equal(key, value)) return new RegoSet([...set, value]);
  throw new BuiltinError(`set key ${termText(key)} does not equal value to be inserted ${termText(value)}`);
}

export function removeChild(container: RegoValue, key: RegoValue): RegoValue {
  if (!isComposite(container)) throw notComposite(container);
  if (isArray(container)) return removeItem(container, key);
  if (findChild(container, key) === undefined) {
    throw new BuiltinError(`cannot delete child key ${termText(key)} that does not exist`);
  }
  return isSet(container) ? withoutMember(container, key) : objectOf(othersThan(container, key));
}

function removeItem(array: RegoArray, key: RegoValue): RegoArray {
  const index = indexOf(array, key);
  if (index >= 0 && index < array.length) return array.toSpliced(index, 1);
  throw new BuiltinError("index for array delete out of bounds");
}

/** Puts a changed child where the old one is. */
export function replaceChild(container: RegoValue, key: RegoValue, child: RegoValue): RegoValue {
  if (isArray(container)) return container.with(indexOf(container, key), child);
  if (isSet(container)) return new RegoSet([...withoutMember(container, key), child]);
  return isObject(container) ? objectOf([...objectEntries(container), [key, child]]) : container;
}

function withoutMember(set: RegoSet, member: RegoValue): RegoSet {
  return new RegoSet([...set].filter((other) => !equal(other, member)));
}

function othersThan(object: AnyObject, key: RegoValue): (readonly [RegoValue, RegoValue])[] {
  return objectEntries(object).filter(([other]) => !equal(other, key));
}

function isComposite(value: RegoValue): value is RegoArray | AnyObject | RegoSet {
  return isArray(value) || isObject(value) || isSet(value);
}

function notComposite(value: RegoValue, where = ""): BuiltinError {
  const kind = kindName(value);
  const name = kind.charAt(0).toUpperCase() + kind.slice(1);
  const found = `found value: ${termText(value)} (type: ast.${name})`;
  return new BuiltinError(`expected composite type${where}, ${found}`);
}

function indexOf(array: RegoArray, key: RegoValue): number {
  if (key === "-") return array.length;
  if (isNumber(key)) return indexOfNumber(findInt64(key), "invalid number type for indexing");
  if (typeof key !== "string") throw new BuiltinError("invalid type for indexing");
  const index = indexOfNumber(findDecimal(key), "invalid string for indexing");
  if (key === "0" || !key.startsWith("0")) return index;
  throw new BuiltinError("leading zeros are not allowed in JSON paths");
}

function indexOfNumber(index: bigint | undefined, complaint: string): number {
  if (index === undefined) throw new BuiltinError(complaint);
  return Number(index);
}

function findDecimal(text: string): bigint | undefined {
  return /^[+-]?\d{1,19}$/.test(text) ? BigInt.asIntN(64, BigInt(text.replace("+", ""))) : undefined;
}
