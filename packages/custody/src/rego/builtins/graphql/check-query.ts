import { buildASTSchema, MaxIntrospectionDepthRule, specifiedRules, validate } from "graphql";
import type { GraphQLError, GraphQLSchema } from "graphql";

import { BuiltinError } from "../builtin.ts";
import { at } from "./document.ts";
import type { Tree } from "./document.ts";
import { queryNode, schemaNode } from "./nodes.ts";
import type { Node } from "./nodes.ts";
import { opaMessage } from "./messages.ts";
import type { Schema } from "./schema.ts";

/**
 * Checks a query against a schema (GraphQL §5).
 *
 * @throws BuiltinError that names all that is wrong.
 */
export function checkQuery(schema: Schema, query: Tree): void {
  const errors = validate(executableSchema(schema), queryNode(query), rules);
  const [first, ...more] = errors.map(explain);
  if (!first) return;
  const rest = more.map(({ where, message }) => `input${where}: ${message}\n`).join("");
  const whole = `${first.message}\n${rest}`;
  throw new BuiltinError(
    first.where === ""
      ? `GraphQL parse error: input: ${whole}`
      : `${whole.replace(/\.\n$/, "")} in GraphQL string at location ${first.where.slice(1)}`,
  );
}

const rules = [...specifiedRules, MaxIntrospectionDepthRule];

function executableSchema({ types, directives, roots }: Schema): GraphQLSchema {
  const own = [...types.values()].filter((type) => type["BuiltIn"] !== true);
  const document = schemaNode(own, [...directives.values()], roots);
  return buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
}

function explain(error: GraphQLError): { readonly where: string; readonly message: string } {
  const [node] = error.nodes ?? [];
  const place = (node as unknown as Partial<Node> | undefined)?.tree?.[at];
  return { where: place ? `:${place.line}:${place.column}` : "", message: opaMessage(error.message) };
}
