import { compareNumbers, isNumber, numberText, objectGet } from "../../values/index.ts";
import type { AnyNumber, AnyObject } from "../../values/index.ts";
import { findPattern } from "./keywords.ts";
import type { Part } from "./part.ts";

export function validateNumber({ schema, value, path, report }: Part<AnyNumber>): void {
  const divisor = objectGet(schema, "multipleOf");
  if (divisor !== undefined && isNumber(divisor) && !isMultiple(value, divisor))
    report.add("multiple_of", path, `Must be a multiple of ${shortText(divisor)}`);
  for (const { bound, type, words, holds } of boundsOf(schema)) {
    if (!holds(compareNumbers(value, bound))) report.add(type, path, `Must be ${words} ${shortText(bound)}`);
  }
  report.rise();
}

interface Bound {
  readonly bound: AnyNumber;
  readonly type: string;
  readonly words: string;
  readonly holds: (order: number) => boolean;
}

const sides = [
  { name: "maximum", exclusive: "exclusiveMaximum", sign: 1, type: "number_lt", words: "less than" },
  { name: "minimum", exclusive: "exclusiveMinimum", sign: -1, type: "number_gt", words: "greater than" },
] as const;

/** A bound, and one of its own without equality; before draft 6 a switch says that the one is the other. */
function boundsOf(schema: AnyObject): readonly Bound[] {
  return sides.flatMap(({ name, exclusive, sign, type, words }) => {
    const [bound, outer] = [objectGet(schema, name), objectGet(schema, exclusive)];
    const strict = outer === true ? bound : outer;
    const found: Bound[] = [];
    if (bound !== undefined && isNumber(bound) && outer !== true)
      found.push({
        bound,
        type: `${type}e`,
        words: `${words} or equal to`,
        holds: (order) => order * sign <= 0,
      });
    if (strict !== undefined && isNumber(strict))
      found.push({ bound: strict, type, words, holds: (order) => order * sign < 0 });
    return found;
  });
}

interface Fraction {
  readonly digits: bigint;
  readonly scale: number;
}

/** Exponents beyond this are not worth exact arithmetic. */
const scaleLimit = 2_000;

function isMultiple(value: AnyNumber, divisor: AnyNumber): boolean {
  const [a, b] = [fractionOf(numberText(value)), fractionOf(numberText(divisor))];
  if (Math.abs(a.scale) > scaleLimit || Math.abs(b.scale) > scaleLimit) return false;
  const scale = Math.max(a.scale, b.scale);
  const raised = ({ digits, scale: own }: Fraction): bigint => digits * 10n ** BigInt(scale - own);
  const whole = raised(b);
  return whole !== 0n && raised(a) % whole === 0n;
}

/** digits ÷ 10^scale. */
function fractionOf(text: string): Fraction {
  const [, whole = "0", fraction = "", power = "0"] = /^(-?\d+)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  return { digits: BigInt(whole + fraction), scale: fraction.length - Number(power) };
}

/** The shortest digits, as Go's `%g` has them. */
function shortText(number: AnyNumber): string {
  const [mantissa = "", exponent = "0"] = Number(numberText(number)).toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(`${mantissa}e${power}`));
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

export function validateString({ schema, value, path, report }: Part<string>): void {
  const length = Array.from(value).length;
  const [least, most, pattern] = ["minLength", "maxLength", "pattern"].map((name) => objectGet(schema, name));
  if (typeof least === "number" && length < least)
    report.add("string_gte", path, `String length must be greater than or equal to ${least}`);
  if (typeof most === "number" && length > most)
    report.add("string_lte", path, `String length must be less than or equal to ${most}`);
  if (typeof pattern === "string" && findPattern(pattern)?.matcher(value).find() === false)
    report.add("pattern", path, `Does not match pattern '${pattern}'`);
  report.rise();
}
