import { types } from "../../types.ts";
import {
  addFloats,
  findInteger,
  isArray,
  isNumber,
  isSet,
  multiplyFloats,
  numberOfInteger,
  numberText,
} from "../../values/index.ts";
import type { AnyNumber, BigFloat, RegoArray, RegoValue } from "../../values/index.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { floatOf, numberOfFloat } from "../numbers/floats.ts";
import { refuseHuge } from "../numbers/integers.ts";
import { wrongMember, wrongType } from "../operands.ts";

/** How a total comes about: in doubles while they are exact, in integers while all are, else in floats. */
interface Fold {
  readonly name: string;
  readonly start: number;
  readonly doubles: (total: number, next: number) => number;
  readonly integers: (total: bigint, next: bigint) => bigint;
  readonly floats: (total: BigFloat, next: BigFloat) => BigFloat;
}

export const totals: readonly Builtin[] = [
  total({ name: "sum", start: 0, doubles: (a, b) => a + b, integers: (a, b) => a + b, floats: addFloats }),
  total({
    name: "product",
    start: 1,
    doubles: (a, b) => a * b + 0,
    integers: (a, b) => a * b,
    floats: multiplyFloats,
  }),
];

function total(fold: Fold): Builtin {
  return {
    name: fold.name,
    args: [types.anyOf(types.arrayOf(types.number), types.setOf(types.number))],
    result: types.number,
    evaluate: (context, collection) => totalOf(context, fold, collection),
  };
}

function totalOf(context: BuiltinContext, fold: Fold, collection: RegoValue): AnyNumber {
  const members = isArray(collection) ? collection : isSet(collection) ? collection.sorted() : undefined;
  if (!members) throw wrongType(collection, 1, "set", "array");
  return findDouble(fold, members) ?? exactTotal(context, fold, numbersOf(members, collection));
}

/** The total while every member and every step is a safe integer, or undefined. */
function findDouble(fold: Fold, members: RegoArray): number | undefined {
  let total = fold.start;
  for (const member of members) {
    if (!Number.isSafeInteger(member)) return undefined;
    total = fold.doubles(total, member as number);
    if (!Number.isSafeInteger(total)) return undefined;
  }
  return total;
}

function numbersOf(members: RegoArray, collection: RegoValue): readonly AnyNumber[] {
  const odd = members.find((member) => !isNumber(member));
  if (odd === undefined) return members as readonly AnyNumber[];
  throw wrongMember(collection, 1, odd, "number");
}

function exactTotal(context: BuiltinContext, fold: Fold, members: readonly AnyNumber[]): AnyNumber {
  const digits = members.reduce<number>((sum, member) => sum + numberText(member).length, 0);
  context.spend(digits);
  const integers = members.map(findInteger);
  if (integers.includes(undefined)) {
    return numberOfFloat(members.map(floatOf).reduce(fold.floats, floatOf(fold.start)));
  }
  if (fold.name === "product") refuseHuge(digits);
  return numberOfInteger((integers as bigint[]).reduce(fold.integers, BigInt(fold.start)));
}
