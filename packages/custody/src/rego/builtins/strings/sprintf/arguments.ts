import { isNumber, numberText, termText } from "../../../values/index.ts";
import type { AnyNumber, RegoValue } from "../../../values/index.ts";

/** An argument as Go's `fmt` is given it: its kind decides what each verb prints, its type is what `%T` names. */
export type Argument = { readonly type: string } & ArgumentValue;

type ArgumentValue =
  | { readonly kind: "integer" | "big"; readonly integer: bigint }
  | { readonly kind: "float"; readonly double: number }
  | { readonly kind: "boolean"; readonly truth: boolean }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "nil" };

export function argumentOf(value: RegoValue): Argument {
  if (isNumber(value)) return numberArgument(value);
  return textArgument(typeof value === "string" ? value : termText(value));
}

function textArgument(text: string): Argument {
  return { kind: "text", type: "string", text };
}

/** Texts with a point are floats, other digits integers; what fits neither (`1e3`, `1.0e999`) stays a text. */
function numberArgument(number: AnyNumber): Argument {
  const text = numberText(number);
  if (/^-?\d+$/.test(text)) return integerArgument(BigInt(text));
  const double = Number(text);
  const isFloat = text.includes(".") && Number.isFinite(double);
  return isFloat ? { kind: "float", type: "float64", double } : textArgument(text);
}

function integerArgument(integer: bigint): Argument {
  const fits = BigInt.asIntN(64, integer) === integer;
  return { kind: fits ? "integer" : "big", type: fits ? "int64" : "*big.Int", integer };
}
