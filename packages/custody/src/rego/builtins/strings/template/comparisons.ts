import { compareStrings } from "../../../values/index.ts";
import { BuiltinError } from "../../builtin.ts";
import { shown, typeName } from "./go-values.ts";
import type { GoValue } from "./go-values.ts";

/** True when the first equals one of the others. */
export function equalsAny(first: GoValue, others: readonly GoValue[]): boolean {
  refuseIncomparable(first);
  if (others.length === 0) throw new BuiltinError("missing argument for comparison");
  return others.some((other) => equalsGo(first, other));
}

function equalsGo(a: GoValue, b: GoValue): boolean {
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  refuseIncomparable(b);
  if (basicKind(a) !== basicKind(b)) throw incompatible(a, b);
  return shown(a) === shown(b);
}

/** Below zero, zero or above zero; for numbers of one type, and for texts. */
export function compareGo(a: GoValue, b: GoValue): number {
  if (basicKind(a) === undefined || basicKind(b) === undefined) throw invalidType();
  if (basicKind(a) !== basicKind(b)) throw incompatible(a, b);
  if (a.kind === "int" && b.kind === "int") return Number(a.integer - b.integer);
  if (a.kind === "float64" && b.kind === "float64") return a.double - b.double;
  if (a.kind === "boolean") throw invalidType();
  return compareStrings(shown(a), shown(b));
}

function isNothing(value: GoValue): boolean {
  return value.kind === "none" || value.kind === "nil";
}

function basicKind(value: GoValue): string | undefined {
  switch (value.kind) {
    case "string":
    case "json.Number":
      return "string";
    case "int":
    case "float64":
    case "boolean":
      return value.kind;
    default:
      return undefined;
  }
}

function refuseIncomparable(value: GoValue): void {
  if (value.kind !== "slice" && value.kind !== "map") return;
  throw new BuiltinError(`non-comparable type ${shown(value)}: ${typeName(value)}`);
}

function incompatible(a: GoValue, b: GoValue): BuiltinError {
  return new BuiltinError(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
}

function invalidType(): BuiltinError {
  return new BuiltinError("invalid type for comparison");
}
