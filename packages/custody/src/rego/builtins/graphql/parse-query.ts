import { TokenKind } from "graphql";

import { tree } from "./document.ts";
import type { Tree } from "./document.ts";
import { parseArguments, parseDefault, parseDirectives, parseName, parseType } from "./parse-values.ts";
import { TokenReader } from "./token-reader.ts";

const operations = new Set(["query", "mutation", "subscription"]);

/**
 * The tree of an executable document (GraphQL §2.2). A text with nothing in it is a document too.
 *
 * @throws BuiltinError
 */
export function parseQuery(text: string): Tree {
  const reader = new TokenReader(text);
  const found = { Operations: [] as Tree[], Fragments: [] as Tree[] };
  while (!reader.is(TokenKind.EOF)) {
    if (reader.is(TokenKind.BRACE_L)) found.Operations.push(parseShortQuery(reader));
    else if (!reader.is(TokenKind.NAME)) throw reader.unexpected();
    else if (operations.has(reader.value)) found.Operations.push(parseOperation(reader));
    else if (reader.value === "fragment") found.Fragments.push(parseFragmentDefinition(reader));
    else throw reader.unexpected();
  }
  return tree(found);
}

function parseShortQuery(reader: TokenReader): Tree {
  const { place } = reader;
  return tree({ Operation: "query", Name: "", SelectionSet: parseSelectionSet(reader) }, place);
}

function parseOperation(reader: TokenReader): Tree {
  const { place, comments } = reader;
  const fields = {
    Operation: reader.next(),
    Name: reader.is(TokenKind.NAME) ? reader.next() : "",
    VariableDefinitions: parseVariableDefinitions(reader),
    Directives: parseDirectives(reader, "variables"),
    SelectionSet: parseSelectionSet(reader),
    Comment: comments,
  };
  return tree(fields, place);
}

function parseVariableDefinitions(reader: TokenReader): Tree[] {
  return reader.some(TokenKind.PAREN_L, TokenKind.PAREN_R, () => parseVariableDefinition(reader));
}

function parseVariableDefinition(reader: TokenReader): Tree {
  const { place, comments } = reader;
  reader.expect(TokenKind.DOLLAR);
  const Variable = parseName(reader);
  reader.expect(TokenKind.COLON);
  const fields = {
    Variable,
    Type: parseType(reader),
    DefaultValue: parseDefault(reader),
    Directives: parseDirectives(reader, "variables"),
    Comment: comments,
    Used: false,
  };
  return tree(fields, place);
}

function parseSelectionSet(reader: TokenReader): Tree[] {
  if (!reader.is(TokenKind.BRACE_L)) throw reader.fault(`Expected {, found ${reader.kind ?? "<Invalid>"}`);
  return reader.some(TokenKind.BRACE_L, TokenKind.BRACE_R, () => parseSelection(reader));
}

function parseSelection(reader: TokenReader): Tree {
  return reader.is(TokenKind.SPREAD) ? parseSpread(reader) : parseField(reader);
}

function parseField(reader: TokenReader): Tree {
  const { place, comments } = reader;
  const Alias = parseName(reader);
  const fields = {
    Alias,
    Name: reader.skip(TokenKind.COLON) ? parseName(reader) : Alias,
    Arguments: parseArguments(reader, "variables"),
    Directives: parseDirectives(reader, "variables"),
    SelectionSet: reader.is(TokenKind.BRACE_L) ? parseSelectionSet(reader) : undefined,
    Comment: comments,
  };
  return tree(fields, place);
}

function parseSpread(reader: TokenReader): Tree {
  const { comments } = reader;
  reader.next();
  const { place } = reader;
  if (reader.is(TokenKind.NAME) && reader.value !== "on") {
    const Name = parseName(reader);
    return tree({ Name, Directives: parseDirectives(reader, "variables"), Comment: comments }, place);
  }
  const conditional = reader.value === "on";
  if (conditional) reader.next();
  const fields = {
    TypeCondition: conditional ? parseName(reader) : "",
    Directives: parseDirectives(reader, "variables"),
    SelectionSet: parseSelectionSet(reader),
    Comment: comments,
  };
  return tree(fields, place);
}

function parseFragmentDefinition(reader: TokenReader): Tree {
  const { place, comments } = reader;
  reader.next();
  if (reader.value === "on") throw reader.unexpected();
  const Name = parseName(reader);
  const VariableDefinition = parseVariableDefinitions(reader);
  reader.expectKeyword("on");
  const fields = {
    Name,
    VariableDefinition,
    TypeCondition: parseName(reader),
    Directives: parseDirectives(reader, "variables"),
    SelectionSet: parseSelectionSet(reader),
    Comment: comments,
  };
  return tree(fields, place);
}
