import { objectEntries, objectGet, objectSize } from "./entries.ts";
import { kindOf, kinds } from "./kinds.ts";
import { compareNumbers } from "./number.ts";
import type { AnyNumber } from "./number.ts";
import type { RegoSet } from "./set.ts";
import { compareStrings } from "./strings.ts";
import type { AnyObject, RegoArray, RegoValue } from "./value.ts";

/** Below zero, zero or above zero: the total order of all values (null < boolean < number < string < array < object < set). */
export function compare(a: RegoValue, b: RegoValue): number {
  if (a === b) return 0;
  const kind = kindOf(a);
  const kinds = kind - kindOf(b);
  return kinds === 0 ? compareOfKind(kind, a, b) : kinds;
}

/** True when both are the same value: `1.0` and `1` are, an array and a set never are. */
export function equal(a: RegoValue, b: RegoValue): boolean {
  if (a === b) return true;
  if (typeof a !== "object" && typeof b !== "object") return false;
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return false;
  if (kind === kinds.array) return equalArrays(a as RegoArray, b as RegoArray);
  return kind === kinds.object
    ? equalObjects(a as AnyObject, b as AnyObject)
    : compareOfKind(kind, a, b) === 0;
}

function compareOfKind(kind: number, a: RegoValue, b: RegoValue): number {
  switch (kind) {
    case kinds.string:
      return compareStrings(a as string, b as string);
    case kinds.number:
      return compareNumbers(a as AnyNumber, b as AnyNumber);
    case kinds.array:
      return compareArrays(a as RegoArray, b as RegoArray);
    case kinds.object:
      return compareObjects(a as AnyObject, b as AnyObject);
    case kinds.set:
      return compareArrays((a as RegoSet).sorted(), (b as RegoSet).sorted());
    default:
      return Number(a) - Number(b);
  }
}

function compareArrays(a: RegoArray, b: RegoArray): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compare(a[i] as RegoValue, b[i] as RegoValue);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function equalArrays(a: RegoArray, b: RegoArray): boolean {
  return a.length === b.length && a.every((item, i) => equal(item, b[i] as RegoValue));
}

function compareObjects(a: AnyObject, b: AnyObject): number {
  const left = objectEntries(a);
  const right = objectEntries(b);
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const [leftKey, leftValue] = left[i] as readonly [RegoValue, RegoValue];
    const [rightKey, rightValue] = right[i] as readonly [RegoValue, RegoValue];
    const order = compare(leftKey, rightKey) || compare(leftValue, rightValue);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function equalObjects(a: AnyObject, b: AnyObject): boolean {
  if (objectSize(a) !== objectSize(b)) return false;
  return objectEntries(a).every(([key, value]) => {
    const other = objectGet(b, key);
    return other !== undefined && equal(value, other);
  });
}
