import { compareNumbers, isNumber, numberText, objectGet } from "../../values/index.ts";
import type { AnyNumber, AnyObject } from "../../values/index.ts";
import { finding } from "./finding.ts";
import type { Finding, Path } from "./finding.ts";
import { findPattern } from "./schema.ts";

interface Bound {
  readonly keyword: string;
  readonly type: string;
  readonly words: string;
  readonly holds: (order: number) => boolean;
}

const bounds: readonly Bound[] = [
  { keyword: "maximum", type: "number_lte", words: "less than or equal to", holds: (order) => order <= 0 },
  { keyword: "exclusiveMaximum", type: "number_lt", words: "less than", holds: (order) => order < 0 },
  { keyword: "minimum", type: "number_gte", words: "greater than or equal to", holds: (order) => order >= 0 },
  { keyword: "exclusiveMinimum", type: "number_gt", words: "greater than", holds: (order) => order > 0 },
];

export function numberFindings(schema: AnyObject, value: AnyNumber, path: Path): readonly Finding[] {
  const found: Finding[] = [];
  const divisor = objectGet(schema, "multipleOf");
  if (divisor !== undefined && isNumber(divisor) && !isMultiple(value, divisor))
    found.push(finding("multiple_of", path, `Must be a multiple of ${numberText(divisor)}`));
  for (const { keyword, type, words, holds } of bounds) {
    const bound = objectGet(schema, keyword);
    if (bound === undefined || !isNumber(bound) || holds(compareNumbers(value, bound))) continue;
    found.push(finding(type, path, `Must be ${words} ${numberText(bound)}`));
  }
  return found;
}

function isMultiple(value: AnyNumber, divisor: AnyNumber): boolean {
  const quotient = Number(numberText(value)) / Number(numberText(divisor));
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}

export function stringFindings(schema: AnyObject, value: string, path: Path): readonly Finding[] {
  const found: Finding[] = [];
  const length = Array.from(value).length;
  const [least, most, pattern] = ["minLength", "maxLength", "pattern"].map((name) => objectGet(schema, name));
  if (typeof least === "number" && length < least)
    found.push(finding("string_gte", path, `String length must be greater than or equal to ${least}`));
  if (typeof most === "number" && length > most)
    found.push(finding("string_lte", path, `String length must be less than or equal to ${most}`));
  if (typeof pattern === "string" && findPattern(pattern)?.matcher(value).find() === false)
    found.push(finding("pattern", path, `Does not match pattern '${pattern}'`));
  return found;
}
