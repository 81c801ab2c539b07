import { isNumber, numberText, termText } from "../../../values/index.ts";
import type { AnyNumber, RegoValue } from "../../../values/index.ts";

/** An argument as Go's `fmt` is given it: its kind decides what each verb prints. */
export type Argument =
  | { readonly kind: "int64" | "*big.Int"; readonly integer: bigint }
  | { readonly kind: "float64"; readonly double: number }
  | { readonly kind: "string"; readonly text: string };

export function argumentOf(value: RegoValue): Argument {
  if (isNumber(value)) return numberArgument(value);
  return { kind: "string", text: typeof value === "string" ? value : termText(value) };
}

/** Texts with a point are floats, other digits integers; what fits neither (`1e3`, `1.0e999`) stays a text. */
function numberArgument(number: AnyNumber): Argument {
  const text = numberText(number);
  if (/^-?\d+$/.test(text)) return integerArgument(BigInt(text));
  const double = Number(text);
  const isFloat = text.includes(".") && Number.isFinite(double);
  return isFloat ? { kind: "float64", double } : { kind: "string", text };
}

function integerArgument(integer: bigint): Argument {
  const fits = BigInt.asIntN(64, integer) === integer;
  return { kind: fits ? "int64" : "*big.Int", integer };
}
