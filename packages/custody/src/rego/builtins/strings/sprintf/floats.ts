import { floatNotation } from "./float-text.ts";
import type { Notation } from "./float-text.ts";
import { pad, padding } from "./layout.ts";
import type { Layout } from "./layout.ts";

const notations: Readonly<Record<string, Notation>> = {
  v: "g",
  g: "g",
  G: "g",
  b: "b",
  x: "x",
  X: "x",
  f: "f",
  F: "f",
  e: "e",
  E: "e",
};

/** A float under a verb; undefined where floats do not know the verb. */
export function findFloat(double: number, verb: string, layout: Layout): string | undefined {
  const notation = notations[verb];
  if (notation === undefined) return undefined;
  const precision = layout.precision ?? (notation === "f" || notation === "e" ? 6 : undefined);
  const plain = floatNotation(double, notation, precision);
  const shown = layout.sharp && notation !== "b" ? pointed(plain, verb, precision) : plain;
  return withSign(double, /[GXE]/.test(verb) ? shown.toUpperCase() : shown, layout);
}

function withSign(double: number, shown: string, layout: Layout): string {
  const negative = double < 0 || Object.is(double, -0);
  const sign = negative ? "-" : layout.plus ? "+" : layout.space ? " " : "";
  if (sign !== "" && layout.zero && !layout.minus) {
    return sign + padding(layout, sign.length + shown.length, "0") + shown;
  }
  return pad(sign + shown, layout);
}

/** What `#` asks for: a point in any case, and the zeros that `g` leaves off. */
function pointed(shown: string, verb: string, precision: number | undefined): string {
  const isHex = /x/i.test(verb);
  const at = shown.search(isHex ? /p/ : /e/);
  const [head, tail] = at < 0 ? [shown, ""] : [shown.slice(0, at), shown.slice(at)];
  const wanted = /[gGvx]/.test(verb) ? (precision ?? 6) : 0;
  const zeros = "0".repeat(Math.max(0, wanted - significant(head)));
  return `${head.includes(".") ? head : `${head}.`}${zeros}${tail}`;
}

/** Digits from the first that is not zero; zero itself counts as one. The x of 0x counts as Go counts it. */
function significant(head: string): number {
  return head === "0" ? 1 : head.replace(/^[0.]+/, "").replace(".", "").length;
}
