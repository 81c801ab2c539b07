import { RegoFault } from "../../faults.ts";
import { types } from "../../types.ts";
import { objectEntries, quote, readJson, termText } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin } from "../builtin.ts";
import { objectOperand, stringOperand, wrongOperand } from "../operands.ts";
import { goJson, goJsonIndented } from "./go-json.ts";
import { explainJson } from "./json-faults.ts";

const { any, boolean, object, string } = types;

export const jsonBuiltins: readonly Builtin[] = [
  { name: "json.marshal", args: [any], result: string, evaluate: (_, value) => goJson(value) },
  {
    name: "json.marshal_with_options",
    args: [any, object({ indent: string, prefix: string, pretty: boolean }, { key: string, value: any })],
    result: string,
    evaluate: (_, value, options) => marshal(value, parseOptions(options)),
  },
  {
    name: "json.unmarshal",
    args: [string],
    result: any,
    evaluate: (_, text) => unmarshalJson(stringOperand(text, 1)),
  },
  { name: "json.is_valid", args: [string], result: boolean, evaluate: (_, text) => isJson(text) },
];

interface Options {
  readonly pretty: boolean;
  readonly prefix: string;
  readonly indent: string;
}

function marshal(value: RegoValue, { pretty, prefix, indent }: Options): string {
  return pretty ? prefix + goJsonIndented(value, prefix, indent) : goJson(value);
}

/** A prefix or an indent asks for pretty output unless `pretty` says otherwise. */
function parseOptions(operand: RegoValue): Options {
  const options = objectEntries(objectOperand(operand, 2));
  const read = { prefix: "", indent: "\t" };
  let pretty: boolean | undefined;
  for (const [index, [name, value]] of options.entries()) {
    if (name === "pretty") pretty = prettyOption(value);
    else if (name === "prefix" || name === "indent") read[name] = textOption(name, value, index);
    else throw unknownOption(name, index);
  }
  return { pretty: pretty ?? options.length > 0, ...read };
}

function prettyOption(value: RegoValue): boolean {
  if (typeof value === "boolean") return value;
  throw wrongOperand(2, 'key "pretty" failed cast to bool');
}

function textOption(name: string, value: RegoValue, index: number): string {
  try {
    return stringOperand(value, index);
  } catch (cause) {
    throw wrongOperand(2, `key ${quote(name)} failed cast to string: ${(cause as Error).message}`);
  }
}

function unknownOption(name: RegoValue, index: number): BuiltinError {
  try {
    return wrongOperand(2, `object contained unknown key ${quote(stringOperand(name, index))}`);
  } catch (cause) {
    return wrongOperand(
      2,
      `failed to stringify key ${termText(name)} at index ${index}: ${(cause as Error).message}`,
    );
  }
}

/**
 * The value of a JSON text.
 *
 * @throws BuiltinError in the words of Go's decoder.
 */
export function unmarshalJson(text: string): RegoValue {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof RegoFault) throw new BuiltinError(explainJson(text));
    throw error;
  }
}

function isJson(text: RegoValue): boolean {
  if (typeof text !== "string") return false;
  try {
    readJson(text);
    return true;
  } catch (error) {
    if (error instanceof RegoFault) return false;
    throw error;
  }
}
