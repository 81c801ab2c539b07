import { quote } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** OPA's own units, in hours. */
const longUnits: Readonly<Record<string, number>> = { d: 24, w: 7 * 24, y: 365 * 24 };

const segments = /([\d.]+)(ms|us|µs|ns|[a-z])/g;

/**
 * Nanoseconds of a duration (`1h30m`, `1.5d`).
 *
 * @throws BuiltinError
 */
export function parseDuration(text: string): bigint {
  if (!/[dwy]/.test(text)) return parseGoDuration(text, text);
  if (!/^[-+]?(?:[\d.]+(?:ms|us|µs|ns|[a-z]))+$/.test(text)) throw invalid(text);
  return parseGoDuration(
    text.replace(segments, (segment, digits: string, unit: string) => inHours(segment, digits, unit, text)),
    text,
  );
}

function inHours(...[segment, digits, unit, text]: readonly [string, string, string, string]): string {
  const hours = longUnits[unit];
  if (hours === undefined) return segment;
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(digits)) throw invalid(text);
  return `${plainDecimal(Number(digits) * hours)}h`;
}

/** The shortest digits of a number that is not negative, without an exponent. */
function plainDecimal(value: number): string {
  const [, whole = "", fraction = "", sign, exponent] =
    /^(\d+)\.?(\d*)(?:e([+-])(\d+))?$/.exec(String(value)) ?? [];
  const digits = whole + fraction;
  if (sign === "-") return `0.${digits.padStart(digits.length + Number(exponent) - 1, "0")}`;
  return sign === "+" ? digits.padEnd(Number(exponent) + 1, "0") : String(value);
}

/**
 * The same without OPA's own units, as Go reads it.
 *
 * @param shown the text as it is quoted in errors.
 * @throws BuiltinError
 */
export function parseGoDuration(text: string, shown = text): bigint {
  const negative = text.startsWith("-");
  const body = text.replace(/^[-+]/, "");
  if (body === "0") return 0n;
  if (body === "") throw invalid(shown);
  let total = 0n;
  for (let rest = body; rest !== "";) {
    const [whole = "", digits = "", fraction = ""] = /^(\d*)(?:\.(\d*))?/.exec(rest) ?? [];
    if (digits + fraction === "") throw invalid(shown);
    rest = rest.slice(whole.length);
    const unit = /^[^\d.]*/.exec(rest)?.[0] ?? "";
    rest = rest.slice(unit.length);
    total += amountOf(unit, digits, fraction, shown);
    if (total > 1n << 63n) throw invalid(shown);
  }
  if (!negative && total === 1n << 63n) throw invalid(shown);
  return negative ? -total : total;
}

function amountOf(...[unit, digits, fraction, shown]: readonly [string, string, string, string]): bigint {
  if (unit === "") throw new BuiltinError(`time: missing unit in duration ${quote(shown)}`);
  const size = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (size === undefined)
    throw new BuiltinError(`time: unknown unit ${quote(unit)} in duration ${quote(shown)}`);
  if (digits.length > 40) throw invalid(shown);
  const kept = fraction.slice(0, 18);
  const part = kept === "" ? 0 : Math.trunc(Number(kept) * (Number(size) / 10 ** kept.length));
  const amount = BigInt(digits === "" ? 0 : digits) * size + BigInt(part);
  if (amount > 1n << 63n) throw invalid(shown);
  return amount;
}

function invalid(text: string): BuiltinError {
  return new BuiltinError(`time: invalid duration ${quote(text)}`);
}
