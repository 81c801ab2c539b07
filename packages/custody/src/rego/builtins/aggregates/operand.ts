import { isArray, isSet } from "../../values/index.ts";
import type { RegoArray, RegoSet, RegoValue } from "../../values/index.ts";
import { wrongType } from "../operands.ts";

export function collectionOperand(value: RegoValue): RegoArray | RegoSet {
  if (isArray(value) || isSet(value)) return value;
  throw wrongType(value, 1, "set", "array");
}
