import { RegoFault } from "../../faults.ts";
import { types } from "../../types.ts";
import { isArray, isObject, readJson } from "../../values/index.ts";
import type { RegoArray, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { findingValue } from "./finding.ts";
import { compileSchema } from "./schema.ts";
import { validate } from "./validate.ts";

const { any, anyOf, array, arrayOf, boolean, null: nothing, object, objectOf, string } = types;

const source = anyOf(string, objectOf(any, any));
const found = object({ error: string, type: string, field: string, desc: string });

export const jsonSchemaBuiltins: readonly Builtin[] = [
  {
    name: "json.match_schema",
    args: [source, source],
    result: array([boolean, arrayOf(found)]),
    evaluate: match,
  },
  {
    name: "json.verify_schema",
    args: [source],
    result: array([boolean, anyOf(nothing, string)]),
    evaluate: (_, schema) => verify(schema),
  },
];

/** Whether the document satisfies the schema, and what it does not satisfy. */
function match(context: BuiltinContext, document: RegoValue, schemaOperand: RegoValue): RegoArray {
  const value = load(document);
  const schema = load(schemaOperand);
  const findings = validate(context, compileSchema(schema), value);
  return [findings.length === 0, findings.map(findingValue)];
}

function verify(schema: RegoValue): RegoArray {
  try {
    compileSchema(load(schema));
    return [true, null];
  } catch (error) {
    if (error instanceof BuiltinError) return [false, `jsonschema: ${error.message}`];
    throw error;
  }
}

/** A text is JSON; anything else is the document itself. */
function load(operand: RegoValue): RegoValue {
  if (isObject(operand) || isArray(operand)) return operand;
  if (typeof operand !== "string") throw new BuiltinError("wrong type, expected string or object");
  try {
    return readJson(operand);
  } catch (error) {
    if (error instanceof RegoFault) throw new BuiltinError("invalid JSON string");
    throw error;
  }
}
