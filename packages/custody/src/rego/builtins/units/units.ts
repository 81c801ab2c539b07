import { types } from "../../types.ts";
import { numberOf } from "../../values/index.ts";
import type { AnyNumber, RegoValue } from "../../values/index.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { stringOperand } from "../operands.ts";
import { fault, findDecimal, parseAmount } from "./amount.ts";
import { decimalText, divide, multiply } from "./ratio.ts";
import type { Ratio } from "./ratio.ts";

const name = "units.parse";

/** The double that is nearest to a thousandth, to the last bit: OPA multiplies by it. */
const milli = divide(1152921504606847n, 1152921504606846976n);

const powers: Readonly<Record<string, number>> = { "": 0, k: 1, m: 2, g: 3, t: 4, p: 5, e: 6 };

/** SI quantities (`10G`, `1500m`) and binary ones (`4Ki`) as numbers. */
export const unitsBuiltin: Builtin = {
  name,
  args: [types.string],
  result: types.number,
  evaluate: parseUnits,
};

function parseUnits(context: BuiltinContext, operand: RegoValue): AnyNumber {
  const { number, unit } = parseAmount(name, stringOperand(operand, 1).replaceAll('"', ""));
  if (number === "") throw fault(name, "no amount provided");
  const normal = unit.slice(0, 1) + unit.slice(1).toLowerCase();
  const scale = findScale(normal);
  if (!scale) throw fault(name, `unit ${normal} not recognized`);
  const amount = findDecimal(number);
  if (!amount) throw fault(name, "could not parse amount to a number");
  const text = decimalText(multiply(amount, scale));
  context.spend(text.length);
  return numberOf(text);
}

/** Case counts only for `m` and `M`. */
function findScale(unit: string): Ratio | undefined {
  if (unit === "m") return milli;
  const binary = unit.length === 2 && unit.endsWith("i");
  const power = powers[(binary ? unit.charAt(0) : unit).toLowerCase()];
  if (power === undefined || Object.hasOwn(powers, unit.toLowerCase()) === binary) return undefined;
  return divide(binary ? 1024n ** BigInt(power) : 1000n ** BigInt(power), 1n);
}
