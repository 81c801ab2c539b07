import { pad, padding, padWithSpaces } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { isPrintable, quoteRune, quoteRuneAscii } from "./quoting.ts";

const bases: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16, s: 10 };

/** A 64-bit integer under a verb; undefined where integers do not know the verb. */
export function findInteger64(integer: bigint, verb: string, layout: Layout): string | undefined {
  switch (verb) {
    case "c":
      return pad(characterOf(integer), layout);
    case "q":
      return pad((layout.plus ? quoteRuneAscii : quoteRune)(characterOf(integer)), layout);
    case "U":
      return padWithSpaces(codePoint(integer, layout), layout);
    default:
      return verb in bases && verb !== "s" ? based64(integer, verb, layout) : undefined;
  }
}

/** An integer past 64 bits under a verb (Go's `big.Int`); undefined where it does not know the verb. */
export function findBigInteger(integer: bigint, verb: string, layout: Layout): string | undefined {
  if (!(verb in bases)) return undefined;
  const digits = digitsOf(integer, verb);
  const flags = { ...layout, plus: layout.plus || layout.plusV, sharp: layout.sharp || layout.sharpV };
  const zeros = "0".repeat(Math.max(0, (layout.precision ?? 0) - digits.length));
  const head = signOf(integer, flags) + bigPrefix(verb, flags);
  const length = head.length + zeros.length + digits.length;
  if (flags.minus) return head + zeros + digits + padding(layout, length, " ");
  return flags.zero && layout.precision === undefined
    ? head + padding(layout, length, "0") + digits
    : padding(layout, length, " ") + head + zeros + digits;
}

function bigPrefix(verb: string, { sharp }: Layout): string {
  if (verb === "O") return "0o";
  const prefixes: Readonly<Record<string, string>> = { b: "0b", o: "0", x: "0x", X: "0X" };
  return sharp ? (prefixes[verb] ?? "") : "";
}

/** Zeros in front come from the precision, or from the width where the zero flag is set. */
function based64(integer: bigint, verb: string, layout: Layout): string {
  if (layout.precision === 0 && integer === 0n) return padding(layout, 0, " ");
  const sign = signOf(integer, layout);
  const zeroWidth = layout.zero && !layout.minus ? (layout.width ?? 0) - sign.length : 0;
  const digits = digitsOf(integer, verb).padStart(layout.precision ?? zeroWidth, "0");
  return padWithSpaces(sign + prefixOf(verb, digits, layout) + digits, layout);
}

function prefixOf(verb: string, digits: string, { sharp }: Layout): string {
  if (verb === "O") return sharp && !digits.startsWith("0") ? "0o0" : "0o";
  if (!sharp) return "";
  if (verb === "o") return digits.startsWith("0") ? "" : "0";
  return verb === "x" || verb === "X" || verb === "b" ? `0${verb}` : "";
}

function digitsOf(integer: bigint, verb: string): string {
  const digits = (integer < 0n ? -integer : integer).toString(bases[verb]);
  return verb === "X" ? digits.toUpperCase() : digits;
}

function signOf(integer: bigint, { plus, space }: Layout): string {
  if (integer < 0n) return "-";
  return plus ? "+" : space ? " " : "";
}

function characterOf(integer: bigint): string {
  const valid = integer >= 0n && integer <= 0x10ffffn && !(integer >= 0xd800n && integer <= 0xdfffn);
  return valid ? String.fromCodePoint(Number(integer)) : "\ufffd";
}

/** `U+1F600`, with `#` followed by the character in quotes. A negative integer shows its 64 bits. */
function codePoint(integer: bigint, layout: Layout): string {
  const bits = BigInt.asUintN(64, integer);
  const digits = bits
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(layout.precision ?? 0, 4), "0");
  const isScalar = bits <= 0x10ffffn && (bits < 0xd800n || bits > 0xdfffn);
  const shown = layout.sharp && isScalar && isPrintable(characterOf(bits));
  return `U+${digits}${shown ? ` '${characterOf(bits)}'` : ""}`;
}
