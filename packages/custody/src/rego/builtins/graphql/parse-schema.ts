import { DirectiveLocation, TokenKind } from "graphql";

import { quote } from "../../values/index.ts";
import { tree } from "./document.ts";
import type { Field, Place, Tree } from "./document.ts";
import { parseDefault, parseDirectives, parseName, parseType } from "./parse-values.ts";
import { TokenReader } from "./token-reader.ts";

interface Found {
  readonly Schema: Tree[];
  readonly SchemaExtension: Tree[];
  readonly Directives: Tree[];
  readonly Definitions: Tree[];
  readonly Extensions: Tree[];
}

/** What stands before a definition. */
interface Heading {
  readonly kind: TokenKind | undefined;
  readonly description: string;
  readonly comments: Tree | undefined;
  readonly place: Place;
}

const kinds: Readonly<Record<string, string>> = {
  scalar: "SCALAR",
  type: "OBJECT",
  interface: "INTERFACE",
  union: "UNION",
  enum: "ENUM",
  input: "INPUT_OBJECT",
};

/**
 * The tree of a type system document (GraphQL §3.1); whether it makes sense is not looked at.
 *
 * @throws BuiltinError
 */
export function parseSchema(text: string): Tree {
  const reader = new TokenReader(text);
  const found: Found = { Schema: [], SchemaExtension: [], Directives: [], Definitions: [], Extensions: [] };
  while (!reader.is(TokenKind.EOF)) parseDefinition(reader, found);
  return tree({ ...found, Comment: reader.comments });
}

function parseDefinition(reader: TokenReader, found: Found): void {
  const heading = parseHeading(reader);
  if (!reader.is(TokenKind.NAME)) throw reader.unexpected();
  const word = reader.value;
  if (Object.hasOwn(kinds, word)) found.Definitions.push(parseTypeDefinition(reader, heading));
  else if (word === "schema") found.Schema.push(parseSchemaDefinition(reader, heading));
  else if (word === "directive") found.Directives.push(parseDirectiveDefinition(reader, heading));
  else if (word === "extend") parseExtension(reader, found, heading);
  else throw reader.unexpected();
}

function parseHeading(reader: TokenReader): Heading {
  const { comments, place, kind } = reader;
  const described = reader.is(TokenKind.STRING) || reader.is(TokenKind.BLOCK_STRING);
  return {
    kind,
    description: described ? reader.next() : "",
    comments: described ? comments : undefined,
    place,
  };
}

function parseExtension(reader: TokenReader, found: Found, heading: Heading): void {
  const { description, kind, place } = heading;
  if (description !== "") throw reader.fault(`Unexpected ${kind} ${quote(description)}`, place);
  const { comments } = reader;
  reader.next();
  const word = reader.value;
  if (word === "schema") found.SchemaExtension.push(parseSchemaExtension(reader, comments));
  else if (Object.hasOwn(kinds, word)) found.Extensions.push(parseTypeExtension(reader, comments));
  else throw reader.unexpected();
}

function parseSchemaDefinition(reader: TokenReader, heading: Heading): Tree {
  const { comments } = reader;
  reader.next();
  return parseSchemaBody(reader, {
    Description: heading.description,
    BeforeDescriptionComment: heading.comments,
    AfterDescriptionComment: comments,
  });
}

function parseSchemaExtension(reader: TokenReader, comments: Tree | undefined): Tree {
  reader.next();
  const extension = parseSchemaBody(reader, { Description: "", AfterDescriptionComment: comments });
  if (!extension["Directives"] && !extension["OperationTypes"]) throw reader.unexpected();
  return extension;
}

function parseSchemaBody(reader: TokenReader, heading: Readonly<Record<string, Field>>): Tree {
  const { place } = reader;
  const Directives = parseDirectives(reader, "constant");
  const [OperationTypes, EndOfDefinitionComment] = parseBody(reader, () => parseOperationType(reader));
  return tree({ ...heading, Directives, OperationTypes, EndOfDefinitionComment }, place);
}

function parseOperationType(reader: TokenReader): Tree {
  const { place, comments } = reader;
  if (!/^(?:query|mutation|subscription)$/.test(reader.value)) throw reader.unexpected();
  const Operation = reader.next();
  reader.expect(TokenKind.COLON);
  return tree({ Operation, Type: parseName(reader), Comment: comments }, place);
}

function parseTypeDefinition(reader: TokenReader, heading: Heading): Tree {
  const { comments } = reader;
  return parseTypeBody(reader, {
    Description: heading.description,
    BeforeDescriptionComment: heading.comments,
    AfterDescriptionComment: comments,
  });
}

const bodies = ["Interfaces", "Directives", "Fields", "Types", "EnumValues"];

function parseTypeExtension(reader: TokenReader, comments: Tree | undefined): Tree {
  // gqlparser knows no interfaces that extend an interface.
  const implementable = reader.value === "type";
  const extension = parseTypeBody(
    reader,
    { Description: "", AfterDescriptionComment: comments },
    implementable,
  );
  if (!bodies.some((name) => extension[name])) throw reader.unexpected();
  return extension;
}

function parseTypeBody(
  reader: TokenReader,
  heading: Readonly<Record<string, Field>>,
  implementable = reader.value === "type" || reader.value === "interface",
): Tree {
  const Kind = kinds[reader.next()];
  const { place } = reader;
  const fields = {
    ...heading,
    Kind,
    Name: parseName(reader),
    Interfaces: implementable ? parseInterfaces(reader) : undefined,
    Directives: parseDirectives(reader, "constant"),
    BuiltIn: false,
  };
  return tree({ ...fields, ...parseMembers(reader, Kind) }, place);
}

function parseMembers(reader: TokenReader, kind: string | undefined): Readonly<Record<string, Field>> {
  if (kind === "SCALAR") return {};
  if (kind === "UNION") return parseUnionMembers(reader);
  if (kind === "ENUM") {
    const [EnumValues, EndOfDefinitionComment] = parseBody(reader, () => parseEnumValue(reader));
    return { EnumValues, EndOfDefinitionComment };
  }
  const item = kind === "INPUT_OBJECT" ? parseInputValue : parseFieldDefinition;
  const [Fields, EndOfDefinitionComment] = parseBody(reader, () => item(reader));
  return { Fields, EndOfDefinitionComment };
}

function parseBody(reader: TokenReader, item: () => Tree): [Tree[], Tree | undefined] {
  let comments: Tree | undefined;
  const items = reader.some(TokenKind.BRACE_L, TokenKind.BRACE_R, item, () => {
    comments = reader.comments;
  });
  return [items, comments];
}

function parseInterfaces(reader: TokenReader): string[] {
  if (reader.value !== "implements") return [];
  reader.next();
  reader.skip(TokenKind.AMP);
  const names = [parseName(reader)];
  while (reader.skip(TokenKind.AMP)) names.push(parseName(reader));
  return names;
}

function parseUnionMembers(reader: TokenReader): Readonly<Record<string, Field>> {
  if (!reader.skip(TokenKind.EQUALS)) return {};
  reader.skip(TokenKind.PIPE);
  const Types: string[] = [];
  do Types.push(parseName(reader));
  while (reader.skip(TokenKind.PIPE));
  return { Types };
}

function parseFieldDefinition(reader: TokenReader): Tree {
  const [heading, place] = parseItemHeading(reader);
  const Name = parseName(reader);
  const Arguments = reader.some(TokenKind.PAREN_L, TokenKind.PAREN_R, () => parseInputValue(reader));
  reader.expect(TokenKind.COLON);
  const Type = parseType(reader);
  return tree({ ...heading, Name, Arguments, Type, Directives: parseDirectives(reader, "constant") }, place);
}

/** An argument's definition, or a field's of an input object. */
function parseInputValue(reader: TokenReader): Tree {
  const [heading, place] = parseItemHeading(reader);
  const Name = parseName(reader);
  reader.expect(TokenKind.COLON);
  const fields = {
    ...heading,
    Name,
    Type: parseType(reader),
    DefaultValue: parseDefault(reader),
    Directives: parseDirectives(reader, "constant"),
  };
  return tree(fields, place);
}

function parseEnumValue(reader: TokenReader): Tree {
  const [heading, place] = parseItemHeading(reader);
  const Name = parseName(reader);
  return tree({ ...heading, Name, Directives: parseDirectives(reader, "constant") }, place);
}

function parseItemHeading(reader: TokenReader): [Readonly<Record<string, Field>>, Place] {
  const { description, comments } = parseHeading(reader);
  const fields = {
    Description: description,
    BeforeDescriptionComment: description === "" ? undefined : comments,
    AfterDescriptionComment: reader.comments,
  };
  return [fields, reader.place];
}

function parseDirectiveDefinition(reader: TokenReader, heading: Heading): Tree {
  const { comments } = reader;
  reader.next();
  reader.expect(TokenKind.AT);
  const { place } = reader;
  const Name = parseName(reader);
  const Arguments = reader.some(TokenKind.PAREN_L, TokenKind.PAREN_R, () => parseInputValue(reader));
  const IsRepeatable = reader.is(TokenKind.NAME, "repeatable");
  if (IsRepeatable) reader.next();
  reader.expectKeyword("on");
  const fields = {
    Description: heading.description,
    Name,
    Arguments,
    Locations: parseLocations(reader),
    IsRepeatable,
    BeforeDescriptionComment: heading.comments,
    AfterDescriptionComment: comments,
  };
  return tree(fields, place);
}

function parseLocations(reader: TokenReader): string[] {
  const names: string[] = [];
  reader.skip(TokenKind.PIPE);
  do {
    if (reader.is(TokenKind.NAME) && !Object.hasOwn(DirectiveLocation, reader.value))
      throw reader.unexpected();
    names.push(parseName(reader));
  } while (reader.skip(TokenKind.PIPE));
  return names;
}
