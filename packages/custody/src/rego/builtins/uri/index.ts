import { types } from "../../types.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin } from "../builtin.ts";
import { stringOperand } from "../operands.ts";
import { hostName, parseReference, portOf } from "./reference.ts";

const { boolean, objectOf, string } = types;

export const uriBuiltins: readonly Builtin[] = [
  {
    name: "uri.parse",
    args: [string],
    result: objectOf(string, string),
    evaluate: (_, text) => parts(stringOperand(text, 1)),
  },
  { name: "uri.is_valid", args: [string], result: boolean, evaluate: (_, text) => isUri(text) },
];

/** The parts that are not empty. */
function parts(text: string): RegoValue {
  const reference = parseReference(text);
  const { scheme, path, rawPath, rawQuery, fragment } = reference;
  const all = {
    scheme,
    hostname: hostName(reference),
    port: portOf(reference),
    path,
    raw_path: rawPath || path,
    raw_query: rawQuery,
    fragment,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

function isUri(text: RegoValue): boolean {
  if (typeof text !== "string" || text === "") return false;
  try {
    parseReference(text);
    return true;
  } catch (error) {
    if (error instanceof BuiltinError) return false;
    throw error;
  }
}
