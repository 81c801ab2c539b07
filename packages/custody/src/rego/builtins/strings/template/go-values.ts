import {
  isArray,
  isNumber,
  isObject,
  isSet,
  numberText,
  objectEntries,
  termText,
} from "../../../values/index.ts";
import type { AnyObject, RegoArray, RegoValue } from "../../../values/index.ts";
import { BuiltinError } from "../../builtin.ts";
import { floatNotation } from "../sprintf/index.ts";
import type { Argument } from "../sprintf/index.ts";

/**
 * A value as a Go template has it. The data's own numbers are texts to Go (`json.Number`), literals are not; `none`
 * is what a key leads to that is not there, `nil` is JSON's null.
 */
export type GoValue =
  | { readonly kind: "none" | "nil" }
  | { readonly kind: "boolean"; readonly truth: boolean }
  | { readonly kind: "string" | "json.Number"; readonly text: string }
  | { readonly kind: "int"; readonly integer: bigint }
  | { readonly kind: "float64"; readonly double: number }
  | { readonly kind: "slice"; readonly items: RegoArray }
  | { readonly kind: "map"; readonly object: AnyObject };

export function goValue(value: RegoValue | undefined): GoValue {
  if (value === undefined) return { kind: "none" };
  if (value === null) return { kind: "nil" };
  if (typeof value === "boolean") return { kind: "boolean", truth: value };
  if (typeof value === "string") return { kind: "string", text: value };
  if (isNumber(value)) return { kind: "json.Number", text: numberText(value) };
  return isArray(value) ? { kind: "slice", items: value } : { kind: "map", object: value as AnyObject };
}

/** OPA hands the data over as JSON, which knows no sets and no keys but strings. */
export function refuseBeyondJson(value: RegoValue): void {
  if (isSet(value)) throw notJson(value.size === 0 ? "s" : value.sorted()[0]);
  if (isArray(value)) for (const item of value) refuseBeyondJson(item);
  if (!isObject(value)) return;
  for (const [key, child] of objectEntries(value)) {
    if (typeof key !== "string") throw notJson(key);
    refuseBeyondJson(child);
  }
}

function notJson(offending: RegoValue = null): BuiltinError {
  if (offending === "s") return new BuiltinError("invalid character 's' looking for beginning of value");
  if (typeof offending === "string") return new BuiltinError("invalid character ',' after object key");
  const first = termText(offending).charAt(0);
  return new BuiltinError(`invalid character '${first}' looking for beginning of object key string`);
}

/** What Go's `fmt` prints for it. */
export function shown(value: GoValue): string {
  switch (value.kind) {
    case "boolean":
      return String(value.truth);
    case "string":
    case "json.Number":
      return value.text;
    case "int":
      return value.integer.toString();
    case "float64":
      return (value.double < 0 ? "-" : "") + floatNotation(value.double, "g", undefined);
    case "slice":
      return `[${value.items.map((item) => shown(goValue(item))).join(" ")}]`;
    case "map":
      return `map[${objectEntries(value.object).map(shownEntry).join(" ")}]`;
    default:
      return "<nil>";
  }
}

function shownEntry([key, value]: readonly [RegoValue, RegoValue]): string {
  return `${shown(goValue(key))}:${shown(goValue(value))}`;
}

export function typeName(value: GoValue): string {
  switch (value.kind) {
    case "boolean":
      return "bool";
    case "slice":
      return "[]interface {}";
    case "map":
      return "map[string]interface {}";
    default:
      return value.kind;
  }
}

/** What `if`, `and` and `not` take for true: all but false, zero, nothing and the empty. */
export function isTrue(value: GoValue): boolean {
  switch (value.kind) {
    case "boolean":
      return value.truth;
    case "string":
    case "json.Number":
      return value.text !== "";
    case "int":
      return value.integer !== 0n;
    case "float64":
      return value.double !== 0;
    case "slice":
      return value.items.length > 0;
    case "map":
      return objectEntries(value.object).length > 0;
    default:
      return false;
  }
}

/** The value as an argument of `printf`. */
export function argumentOfGo(value: GoValue): Argument {
  const type = typeName(value);
  switch (value.kind) {
    case "none":
    case "nil":
      return { kind: "nil", type };
    case "boolean":
      return { kind: "boolean", type, truth: value.truth };
    case "int":
      return { kind: "integer", type, integer: value.integer };
    case "float64":
      return { kind: "float", type, double: value.double };
    default:
      return { kind: "text", type, text: shown(value) };
  }
}
