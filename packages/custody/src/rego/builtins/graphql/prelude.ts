import { GraphQLSchema, printIntrospectionSchema, specifiedScalarTypes } from "graphql";

import { children, text } from "./document.ts";
import type { Tree } from "./document.ts";
import { parseSchema } from "./parse-schema.ts";

const defer = "directive @defer(if: Boolean = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT";

/** What every schema has besides its own: scalars, directives, and the types of introspection (GraphQL §4). */
export function parsePrelude(): Tree {
  const scalars = specifiedScalarTypes.map(({ name }) => `scalar ${name}`);
  const introspection = printIntrospectionSchema(new GraphQLSchema({}));
  const prelude = parseSchema([...scalars, introspection].join("\n"));
  const directives = children(prelude, "Directives");
  const known = directives.some((directive) => text(directive, "Name") === "defer");
  return {
    Definitions: children(prelude, "Definitions").map((type) => ({ ...type, BuiltIn: true })),
    Directives: known ? directives : [...directives, ...children(parseSchema(defer), "Directives")],
  };
}
