/** A double that is neither infinite nor NaN, taken apart: sign × mantissa × 2^exponent. */
export interface Double {
  readonly negative: boolean;
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** Decimal digits, the first of which is not zero, and where the point stands: 0.digits × 10^point. */
export interface Digits {
  readonly digits: string;
  readonly point: number;
}

export function takeApart(double: number): Double {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, double);
  const bits = view.getBigUint64(0);
  const power = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  return {
    negative: bits >> 63n === 1n,
    mantissa: power === 0 ? fraction : fraction | (1n << 52n),
    exponent: Math.max(power, 1) - 1075,
  };
}

/** The fewest digits that read back as the double. */
export function shortestDigits(double: number): Digits {
  if (double === 0) return { digits: "", point: 0 };
  const [mantissa = "", power = "0"] = Math.abs(double).toExponential().split("e");
  return { digits: mantissa.replace(".", ""), point: Number(power) + 1 };
}

/** Rounded to so many digits; ties, which only exact halves are, to the even digit. */
export function significantDigits(double: number, count: number): Digits {
  return roundDigits(exactDigits(double), count);
}

/** Rounded to so many digits behind the point. */
export function fixedDigits(double: number, places: number): Digits {
  const exact = exactDigits(double);
  return roundDigits(exact, exact.point + places);
}

function exactDigits(double: number): Digits {
  const { mantissa, exponent } = takeApart(double);
  if (mantissa === 0n) return { digits: "", point: 0 };
  const scaled = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const digits = scaled.toString();
  return { digits: digits.replace(/0+$/, ""), point: digits.length + Math.min(exponent, 0) };
}

function roundDigits({ digits, point }: Digits, count: number): Digits {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: "", point };
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const odd = count > 0 && Number(digits[count - 1]) % 2 === 1;
  const up = rest === "5" ? odd : Number(rest[0]) >= 5;
  const rounded = (BigInt(kept || "0") + (up ? 1n : 0n)).toString();
  const grown = up ? rounded.length - kept.length : 0;
  return { digits: (up ? rounded : kept).replace(/0+$/, ""), point: point + grown };
}
