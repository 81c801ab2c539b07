import { isObject, objectGet, objectSize, stringBytes, stringOfBytes } from "../../../values/index.ts";
import { BuiltinError } from "../../builtin.ts";
import type { BuiltinContext } from "../../builtin.ts";
import { printf } from "../sprintf/index.ts";
import { compareGo, equalsAny } from "./comparisons.ts";
import { htmlEscape, jsEscape, queryEscape } from "./escapes.ts";
import { argumentOfGo, goValue, isTrue, shown, typeName } from "./go-values.ts";
import type { GoValue } from "./go-values.ts";

/** A function of a template, with the number of its arguments: at least so many where it takes any number. */
export interface TemplateFunction {
  readonly least: number;
  readonly variadic: boolean;
  readonly call: (context: BuiltinContext, values: readonly GoValue[]) => GoValue;
}

const none: GoValue = { kind: "none" };

/** The functions that Go's templates have of themselves; `and` and `or` stop early and are the runner's. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map([
  ["and", any(1, ([first = none]) => first)],
  ["or", any(1, ([first = none]) => first)],
  ["not", exactly(1, ([value = none]) => truth(!isTrue(value)))],
  ["call", any(1, refuseCall)],
  ["eq", any(1, ([first = none, ...others]) => truth(equalsAny(first, others)))],
  ["ne", exactly(2, ([a = none, b = none]) => truth(!equalsAny(a, [b])))],
  ["lt", exactly(2, ([a = none, b = none]) => truth(compareGo(a, b) < 0))],
  ["le", exactly(2, ([a = none, b = none]) => truth(compareGo(a, b) <= 0))],
  ["gt", exactly(2, ([a = none, b = none]) => truth(compareGo(a, b) > 0))],
  ["ge", exactly(2, ([a = none, b = none]) => truth(compareGo(a, b) >= 0))],
  ["html", any(0, (values) => text(htmlEscape(joined(values))))],
  ["js", any(0, (values) => text(jsEscape(joined(values))))],
  ["urlquery", any(0, (values) => text(queryEscape(joined(values))))],
  ["index", any(1, ([value = none, ...keys]) => keys.reduce(indexed, value))],
  ["len", exactly(1, ([value = none]) => ({ kind: "int", integer: BigInt(length(value)) }))],
  ["print", any(0, (values) => text(printed(values)))],
  ["println", any(0, (values) => text(`${values.map(shown).join(" ")}\n`))],
  [
    "printf",
    {
      least: 1,
      variadic: true,
      call: (context, [format = none, ...values]) =>
        text(printf(context, shown(format), values.map(argumentOfGo))),
    },
  ],
  ["slice", any(1, ([value = none, ...bounds]) => sliced(value, bounds))],
]);

type Call = (values: readonly GoValue[]) => GoValue;

function any(least: number, call: Call): TemplateFunction {
  return { least, variadic: true, call: (_context, values) => call(values) };
}

function exactly(least: number, call: Call): TemplateFunction {
  return { least, variadic: false, call: (_context, values) => call(values) };
}

function truth(holds: boolean): GoValue {
  return { kind: "boolean", truth: holds };
}

function text(content: string): GoValue {
  return { kind: "string", text: content };
}

function isText(value: GoValue): value is GoValue & { readonly text: string } {
  return value.kind === "string" || value.kind === "json.Number";
}

function refuseCall([value = none]: readonly GoValue[]): GoValue {
  throw new BuiltinError(`non-function ${shown(value)} of type ${typeName(value)}`);
}

/** With a space between two values of which neither is a text, as `fmt.Sprint` has it. */
function printed(values: readonly GoValue[]): string {
  return values.reduce((line, value, i) => {
    const before = values[i - 1];
    const apart = before !== undefined && !isText(before) && !isText(value);
    return line + (apart ? " " : "") + shown(value);
  }, "");
}

/** What the escaping functions see: nothing at all is `<no value>`. */
function joined(values: readonly GoValue[]): string {
  return printed(values.map((value) => (value.kind === "none" ? text("<no value>") : value)));
}

function length(value: GoValue): number {
  if (value.kind === "slice") return value.items.length;
  if (value.kind === "map") return objectSize(value.object);
  if (isText(value)) return stringBytes(value.text).length;
  if (value.kind === "nil" || value.kind === "none") throw new BuiltinError("len of nil pointer");
  throw new BuiltinError(`len of type ${typeName(value)}`);
}

function indexed(value: GoValue, key: GoValue): GoValue {
  if (value.kind === "map") return entryOf(value, key);
  if (value.kind === "slice") return goValue(value.items[position(key, value.items.length - 1)] ?? null);
  if (isText(value)) {
    const bytes = stringBytes(value.text);
    return { kind: "int", integer: BigInt(bytes[position(key, bytes.length - 1)] ?? 0) };
  }
  if (value.kind === "nil" || value.kind === "none") throw new BuiltinError("index of untyped nil");
  throw new BuiltinError(`can't index item of type ${typeName(value)}`);
}

function entryOf(value: GoValue & { readonly kind: "map" }, key: GoValue): GoValue {
  if (key.kind !== "string") {
    throw new BuiltinError(`value has type ${typeName(key)}; should be string`);
  }
  return isObject(value.object) ? goValue(objectGet(value.object, key.text)) : none;
}

function position(key: GoValue, greatest: number): number {
  if (key.kind !== "int") throw new BuiltinError(`cannot index slice/array with type ${typeName(key)}`);
  if (key.integer >= 0n && key.integer <= BigInt(greatest)) return Number(key.integer);
  throw new BuiltinError(`index out of range: ${key.integer}`);
}

function sliced(value: GoValue, bounds: readonly GoValue[]): GoValue {
  if (value.kind !== "slice" && !isText(value))
    throw new BuiltinError(`can't slice item of type ${typeName(value)}`);
  const size = length(value);
  const [start = 0, end = size] = bounds.map((bound) => position(bound, size));
  if (start > end) throw new BuiltinError(`invalid slice index: ${start} > ${end}`);
  if (value.kind === "slice") return { kind: "slice", items: value.items.slice(start, end) };
  return text(stringOfBytes(stringBytes(value.text).subarray(start, end)));
}
