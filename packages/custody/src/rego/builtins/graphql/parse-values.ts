import { TokenKind } from "graphql";

import { tree, valueKinds } from "./document.ts";
import type { Tree } from "./document.ts";
import type { TokenReader } from "./token-reader.ts";

/** Whether variables may stand in a value. */
export type Variables = "variables" | "constant";

export function parseName(reader: TokenReader): string {
  return reader.expect(TokenKind.NAME);
}

export function parseDirectives(reader: TokenReader, variables: Variables): Tree[] {
  const directives: Tree[] = [];
  while (reader.skip(TokenKind.AT)) {
    const { place } = reader;
    const Name = parseName(reader);
    directives.push(tree({ Name, Arguments: parseArguments(reader, variables), Location: "" }, place));
  }
  return directives;
}

export function parseArguments(reader: TokenReader, variables: Variables): Tree[] {
  return reader.some(TokenKind.PAREN_L, TokenKind.PAREN_R, () => parseNamedValue(reader, variables));
}

/** An argument, or a field of an object. */
function parseNamedValue(reader: TokenReader, variables: Variables): Tree {
  const { place, comments } = reader;
  const Name = parseName(reader);
  reader.expect(TokenKind.COLON);
  return tree({ Name, Value: parseValue(reader, variables), Comment: comments }, place);
}

export function parseType(reader: TokenReader): Tree {
  const list = reader.skip(TokenKind.BRACKET_L);
  const { place } = reader;
  const type = list ? { NamedType: "", Elem: parseType(reader) } : { NamedType: parseName(reader) };
  if (list) reader.expect(TokenKind.BRACKET_R);
  return tree({ ...type, NonNull: reader.skip(TokenKind.BANG) }, place);
}

export function parseDefault(reader: TokenReader): Tree | undefined {
  return reader.skip(TokenKind.EQUALS) ? parseValue(reader, "constant") : undefined;
}

function parseValue(reader: TokenReader, variables: Variables): Tree {
  const { place, comments, kind } = reader;
  switch (kind) {
    case TokenKind.BRACKET_L: {
      const items = reader.many(kind, TokenKind.BRACKET_R, () =>
        tree({ Name: "", Value: parseValue(reader, variables) }),
      );
      return valueTree({ Raw: "", Kind: valueKinds.list, Children: items, Comment: comments }, place);
    }
    case TokenKind.BRACE_L: {
      const fields = reader.many(kind, TokenKind.BRACE_R, () => parseNamedValue(reader, variables));
      return valueTree({ Raw: "", Kind: valueKinds.object, Children: fields, Comment: comments }, place);
    }
    case TokenKind.DOLLAR:
      if (variables === "constant") throw reader.unexpected();
      reader.next();
      return valueTree({ Raw: parseName(reader), Kind: valueKinds.variable }, place);
    default:
      return parseScalar(reader);
  }
}

function parseScalar(reader: TokenReader): Tree {
  const { place } = reader;
  const kind = scalarKind(reader);
  if (kind === undefined) throw reader.unexpected();
  return valueTree({ Raw: reader.next(), Kind: kind }, place);
}

function scalarKind({ kind, value }: TokenReader): number | undefined {
  switch (kind) {
    case TokenKind.INT:
      return valueKinds.int;
    case TokenKind.FLOAT:
      return valueKinds.float;
    case TokenKind.STRING:
      return valueKinds.string;
    case TokenKind.BLOCK_STRING:
      return valueKinds.block;
    case TokenKind.NAME:
      if (value === "null") return valueKinds.null;
      return value === "true" || value === "false" ? valueKinds.boolean : valueKinds.enum;
    default:
      return undefined;
  }
}

function valueTree(...[fields, place]: Parameters<typeof tree>): Tree {
  return tree({ ...fields, ExpectedTypeHasDefault: false }, place);
}
