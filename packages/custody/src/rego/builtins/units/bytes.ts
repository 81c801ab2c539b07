import { types } from "../../types.ts";
import { numberOfInteger } from "../../values/index.ts";
import type { AnyNumber, RegoValue } from "../../values/index.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { stringOperand } from "../operands.ts";
import { fault, findDecimal, parseAmount } from "./amount.ts";
import { divide, multiply, roundToMantissa, truncate } from "./ratio.ts";

const name = "units.parse_bytes";

/** Sizes (`10GB`, `4KiB`, `5k`) as whole numbers of bytes. */
export const bytesBuiltin: Builtin = {
  name,
  args: [types.string],
  result: types.number,
  evaluate: parseBytes,
};

function parseBytes(context: BuiltinContext, operand: RegoValue): AnyNumber {
  const { number, unit } = parseAmount(name, stringOperand(operand, 1).toLowerCase().replaceAll('"', ""));
  if (number === "") throw fault(name, "no byte amount provided");
  const scale = findScale(unit);
  if (scale === undefined) throw fault(name, `byte unit ${unit} not recognized`);
  const amount = findDecimal(number);
  if (!amount) throw fault(name, "could not parse byte amount to a number");
  const total = truncate(roundToMantissa(multiply(roundToMantissa(amount), divide(scale, 1n))));
  const result = numberOfInteger(total);
  context.spend(typeof result === "number" ? 1 : result.text.length);
  return result;
}

function findScale(unit: string): bigint | undefined {
  if (unit === "") return 1n;
  const [, prefix = "", binary = ""] = /^([kmgtpe])(i?)b?$/.exec(unit) ?? [];
  if (prefix === "") return undefined;
  return (binary === "i" ? 1024n : 1000n) ** BigInt("kmgtpe".indexOf(prefix) + 1);
}
