import { types } from "../../types.ts";
import { canonicalKey, isObject, toPlainJson } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { stringOperand, wrongType } from "../operands.ts";
import { checkQuery } from "./check-query.ts";
import { checkSchema } from "./check-schema.ts";
import { decodeDocument } from "./decode.ts";
import type { Tree } from "./document.ts";
import { parseQuery } from "./parse-query.ts";
import { parseSchema } from "./parse-schema.ts";
import { parsePrelude } from "./prelude.ts";
import { buildSchema } from "./schema.ts";
import type { Schema } from "./schema.ts";

const { any, anyOf, array, boolean, objectOf, string } = types;

const document = objectOf(any, any);
const source = anyOf(string, document);

export const graphqlBuiltins: readonly Builtin[] = [
  {
    name: "graphql.parse",
    args: [source, source],
    result: array([document, document]),
    evaluate: parse,
  },
  {
    name: "graphql.parse_and_verify",
    args: [source, source],
    result: array([boolean, document, document]),
    evaluate: (context, query, schema) =>
      orIfRefused([false, {}, {}], () => [true, ...parse(context, query, schema)]),
  },
  {
    name: "graphql.parse_query",
    args: [string],
    result: document,
    evaluate: (context, text) => shown(readQuery(context, stringOperand(text, 1))),
  },
  {
    name: "graphql.parse_schema",
    args: [string],
    result: document,
    evaluate: (context, text) => shown(readSchema(context, stringOperand(text, 1))),
  },
  {
    name: "graphql.is_valid",
    args: [source, source],
    result: boolean,
    evaluate: (context, query, schema) => orIfRefused(false, () => Boolean(parse(context, query, schema))),
  },
  {
    name: "graphql.schema_is_valid",
    args: [source],
    result: boolean,
    evaluate: (context, schema) => orIfRefused(false, () => Boolean(loadSchema(context, schema))),
  },
];

function parse(context: BuiltinContext, query: RegoValue, schema: RegoValue): RegoValue[] {
  const queryTree = readQuery(context, query);
  const loaded = loadSchema(context, schema);
  checkQuery(loaded.schema, queryTree);
  return [shown(queryTree), shown(loaded.tree)];
}

interface LoadedSchema {
  readonly tree: Tree;
  readonly schema: Schema;
}

/** A schema, checked; a schema is read once in an evaluation. */
function loadSchema(context: BuiltinContext, operand: RegoValue): LoadedSchema {
  const key = `graphql schema ${canonicalKey(operand)}`;
  const known = context.memo.get(key) as LoadedSchema | undefined;
  if (known) return known;
  const tree = readSchema(context, operand);
  const schema = buildSchema(tree, prelude(context));
  checkSchema(schema);
  const loaded = { tree, schema };
  context.memo.set(key, loaded);
  return loaded;
}

function prelude({ memo }: BuiltinContext): Tree {
  const known = memo.get("graphql prelude") as Tree | undefined;
  const tree = known ?? parsePrelude();
  memo.set("graphql prelude", tree);
  return tree;
}

function readQuery(context: BuiltinContext, operand: RegoValue): Tree {
  if (typeof operand !== "string") return decode(operand, 0, "QueryDocument");
  context.spend(operand.length);
  return parseQuery(operand);
}

function readSchema(context: BuiltinContext, operand: RegoValue): Tree {
  if (typeof operand !== "string") return decode(operand, 1, "SchemaDocument");
  context.spend(operand.length);
  return parseSchema(operand);
}

/** @param position counts from 0 here, as it does in OPA's errors. */
function decode(operand: RegoValue, position: number, type: Parameters<typeof decodeDocument>[1]): Tree {
  if (isObject(operand)) return decodeDocument(toPlainJson(operand), type);
  throw wrongType(operand, position, "string", "object");
}

/** A tree as a value: what it keeps besides has symbols for names. */
function shown(tree: Tree): RegoValue {
  return tree;
}

function orIfRefused(otherwise: RegoValue, attempt: () => RegoValue): RegoValue {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof BuiltinError) return otherwise;
    throw error;
  }
}
