/** A version as OPA reads it: Semantic Versioning 2.0.0, besides a leading `v`, leading zeros and signs. */
export interface Version {
  readonly numbers: readonly bigint[];
  readonly preRelease: string;
}

const identifiers = /^[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*$/;
const integer = /^[+-]?\d+$/;

/** The version that a text is, or undefined. */
export function findVersion(text: string): Version | undefined {
  const [versioned, metadata] = cut(text.startsWith("v") ? text.slice(1) : text, "+");
  const [core, preRelease] = cut(versioned, "-");
  if (![metadata, preRelease].every((part) => part === "" || identifiers.test(part))) return undefined;
  const numbers = core.split(".");
  if (numbers.length !== 3 || !numbers.every(isInt64)) return undefined;
  return { numbers: numbers.map((part) => BigInt(part.replace(/^\+/, ""))), preRelease };
}

function isInt64(text: string): boolean {
  if (!integer.test(text)) return false;
  if (text.length < 18) return true;
  const digits = text.replace(/^([+-]?)0+(?=\d)/, "$1");
  if (digits.length > 20) return false;
  const value = BigInt(digits.replace(/^\+/, ""));
  return BigInt.asIntN(64, value) === value;
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** -1, 0 or 1 (SemVer §11). */
export function compareVersions(a: Version, b: Version): number {
  for (const [i, number] of a.numbers.entries()) {
    const other = b.numbers[i] ?? 0n;
    if (number !== other) return number < other ? -1 : 1;
  }
  return comparePreReleases(a.preRelease, b.preRelease);
}

function comparePreReleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "" || b === "") return a === "" ? 1 : -1;
  const left = a.split(".");
  const right = b.split(".");
  for (const [i, part] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    const order = compareIdentifiers(part, other);
    if (order !== 0) return order;
  }
  return left.length < right.length ? -1 : 0;
}

/** Numbers come before words; those past 64 bits are all the greatest there is, as in OPA. */
function compareIdentifiers(a: string, b: string): number {
  const [left, right] = [findNumber(a), findNumber(b)];
  if (left !== undefined && right !== undefined) return order(left, right);
  if (left !== undefined || right !== undefined) return left === undefined ? 1 : -1;
  return order(a, b);
}

const greatest = 2n ** 63n - 1n;

function findNumber(text: string): bigint | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const digits = text.replace(/^0+(?=\d)/, "");
  const value = digits.length > 19 ? greatest : BigInt(digits);
  return value > greatest ? greatest : value;
}

function order<Part extends bigint | string>(a: Part, b: Part): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
