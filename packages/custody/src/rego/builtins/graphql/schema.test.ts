import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { graphqlBuiltins } from "./index.ts";

const check = checker(graphqlBuiltins);

test("graphql.parse_schema shows every kind of definition", () => {
  check(
    'graphql.parse_schema("\\"s\\" schema @d { query: Q mutation: M }")',
    '{"Schema":[{"Description":"s","Directives":[{"Location":"","Name":"d"}],"OperationTypes":[{"Operation":"query","Type":"Q"},{"Operation":"mutation","Type":"M"}]}]}',
  );
  check(
    'graphql.parse_schema("\\"d\\" directive @d(a: Int = 1) repeatable on FIELD | OBJECT")',
    '{"Directives":[{"Arguments":[{"DefaultValue":{"ExpectedTypeHasDefault":false,"Kind":1,"Raw":"1"},"Description":"","Name":"a","Type":{"NamedType":"Int","NonNull":false}}],"Description":"d","IsRepeatable":true,"Locations":["FIELD","OBJECT"],"Name":"d"}]}',
  );
  check(
    'graphql.parse_schema("scalar S @specifiedBy(url: \\"x\\")")',
    '{"Definitions":[{"BuiltIn":false,"Description":"","Directives":[{"Arguments":[{"Name":"url","Value":{"ExpectedTypeHasDefault":false,"Kind":3,"Raw":"x"}}],"Location":"","Name":"specifiedBy"}],"Kind":"SCALAR","Name":"S"}]}',
  );
  check(
    'graphql.parse_schema("type T implements A & B { \\"f\\" a(b: [Int!]! = [1]): S! @deprecated }")',
    '{"Definitions":[{"BuiltIn":false,"Description":"","Fields":[{"Arguments":[{"DefaultValue":{"Children":[{"Name":"","Value":{"ExpectedTypeHasDefault":false,"Kind":1,"Raw":"1"}}],"ExpectedTypeHasDefault":false,"Kind":8,"Raw":""},"Description":"","Name":"b","Type":{"Elem":{"NamedType":"Int","NonNull":true},"NamedType":"","NonNull":true}}],"Description":"f","Directives":[{"Location":"","Name":"deprecated"}],"Name":"a","Type":{"NamedType":"S","NonNull":true}}],"Interfaces":["A","B"],"Kind":"OBJECT","Name":"T"}]}',
  );
  check(
    'graphql.parse_schema("interface I implements J { a: Int }")',
    '{"Definitions":[{"BuiltIn":false,"Description":"","Fields":[{"Description":"","Name":"a","Type":{"NamedType":"Int","NonNull":false}}],"Interfaces":["J"],"Kind":"INTERFACE","Name":"I"}]}',
  );
  check(
    'graphql.parse_schema("union U = | A | B")',
    '{"Definitions":[{"BuiltIn":false,"Description":"","Kind":"UNION","Name":"U","Types":["A","B"]}]}',
  );
  check(
    'graphql.parse_schema("enum E { \\"one\\" A B @deprecated }")',
    '{"Definitions":[{"BuiltIn":false,"Description":"","EnumValues":[{"Description":"one","Name":"A"},{"Description":"","Directives":[{"Location":"","Name":"deprecated"}],"Name":"B"}],"Kind":"ENUM","Name":"E"}]}',
  );
  check(
    'graphql.parse_schema("input I { a: Int = 1 b: [String!] }")',
    '{"Definitions":[{"BuiltIn":false,"Description":"","Fields":[{"DefaultValue":{"ExpectedTypeHasDefault":false,"Kind":1,"Raw":"1"},"Description":"","Name":"a","Type":{"NamedType":"Int","NonNull":false}},{"Description":"","Name":"b","Type":{"Elem":{"NamedType":"String","NonNull":true},"NamedType":"","NonNull":false}}],"Kind":"INPUT_OBJECT","Name":"I"}]}',
  );
  check(
    'graphql.parse_schema("extend schema { query: Q } extend type T { a: Int } extend enum E { A }")',
    '{"Extensions":[{"BuiltIn":false,"Description":"","Fields":[{"Description":"","Name":"a","Type":{"NamedType":"Int","NonNull":false}}],"Kind":"OBJECT","Name":"T"},{"BuiltIn":false,"Description":"","EnumValues":[{"Description":"","Name":"A"}],"Kind":"ENUM","Name":"E"}],"SchemaExtension":[{"Description":"","OperationTypes":[{"Operation":"query","Type":"Q"}]}]}',
  );
  check(
    'graphql.parse_schema("# a\\n\\"d\\"\\n# b\\ntype T {\\n# c\\na: Int\\n# d\\n}\\n# e")',
    '{"Comment":{"List":[{"Value":"# e"}]},"Definitions":[{"AfterDescriptionComment":{"List":[{"Value":"# b"}]},"BeforeDescriptionComment":{"List":[{"Value":"# a"}]},"BuiltIn":false,"Description":"d","EndOfDefinitionComment":{"List":[{"Value":"# d"}]},"Fields":[{"AfterDescriptionComment":{"List":[{"Value":"# c"}]},"Description":"","Name":"a","Type":{"NamedType":"Int","NonNull":false}}],"Kind":"OBJECT","Name":"T"}]}',
  );
  check('graphql.parse_schema("")', "{}");
  check("graphql.parse_schema(1)", "eval_type_error: operand 1 must be string but got number");
});

test("graphql.parse_schema says what it did not expect", () => {
  check(
    'graphql.parse_schema("type T {}")',
    "eval_builtin_error: expected at least one definition, found } in GraphQL string at location 1:9",
  );
  check(
    'graphql.parse_schema("extend type T")',
    "eval_builtin_error: Unexpected <EOF> in GraphQL string at location 1:14",
  );
  check(
    'graphql.parse_schema("\\"d\\" extend type T { a: Int }")',
    'eval_builtin_error: Unexpected String "d" in GraphQL string at location 1:2',
  );
  check(
    'graphql.parse_schema("extend \\"\\"\\"d\\"\\"\\" type T { a: Int }")',
    'eval_builtin_error: Unexpected BlockString "d" in GraphQL string at location 1:11',
  );
  check(
    'graphql.parse_schema("union U = A |")',
    "eval_builtin_error: Expected Name, found <EOF> in GraphQL string at location 1:14",
  );
  check(
    'graphql.parse_schema("input I { a(b: Int): Int }")',
    "eval_builtin_error: Expected :, found ( in GraphQL string at location 1:12",
  );
  check(
    'graphql.parse_schema("directive @d on NOWHERE")',
    'eval_builtin_error: Unexpected Name "NOWHERE" in GraphQL string at location 1:17',
  );
  check(
    'graphql.parse_schema("query { a }")',
    'eval_builtin_error: Unexpected Name "query" in GraphQL string at location 1:1',
  );
  check(
    'graphql.parse_schema("type T { a: Int = 1 }")',
    "eval_builtin_error: Expected Name, found = in GraphQL string at location 1:17",
  );
});

test("graphql.schema_is_valid looks for what the types promise", () => {
  check('graphql.schema_is_valid("type T { a: Int }")', "true");
  check('graphql.schema_is_valid("extend type T { a: Int }")', "true");
  check('graphql.schema_is_valid("type T { a: U }")', "false");
  check('graphql.schema_is_valid("type T { a: Int a: Int }")', "false");
  check('graphql.schema_is_valid("type T { a: Int } type T { b: Int }")', "false");
  check('graphql.schema_is_valid("type T { __a: Int }")', "false");
  check('graphql.schema_is_valid("type Int { a: String }")', "false");
  check('graphql.schema_is_valid("type T { a: Int } extend enum T { A }")', "false");
  check('graphql.schema_is_valid("type T { a(b: T): Int }")', "false");
  check('graphql.schema_is_valid("input I { a: T } type T { a: Int }")', "false");
  check('graphql.schema_is_valid("enum E { A A }")', "false");
  check('graphql.schema_is_valid("enum E { true }")', "false");
  check('graphql.schema_is_valid("union U = A | A type A { a: Int }")', "false");
  check('graphql.schema_is_valid("union U = I input I { a: Int }")', "false");
  check('graphql.schema_is_valid("schema { query: Q }")', "false");
  check('graphql.schema_is_valid("schema { query: Q } schema { query: Q } type Q { a: Int }")', "false");
  check('graphql.schema_is_valid("type T { a: Int @deprecated(why: 1) }")', "false");
  check('graphql.schema_is_valid("type T @deprecated { a: Int }")', "false");
  check('graphql.schema_is_valid("type T { a: Int @nothing }")', "false");
  check('graphql.schema_is_valid("directive @d(a: Int @d) on ARGUMENT_DEFINITION")', "false");
  check('graphql.schema_is_valid("type T implements I { a: Int! } interface I { a: Int }")', "true");
  check('graphql.schema_is_valid("type T implements I { a: Int } interface I { a: Int! }")', "false");
  check('graphql.schema_is_valid("type T implements I { b: Int } interface I { a: Int }")', "false");
  check('graphql.schema_is_valid("type T implements I { a: Int } interface I { a(b: Int): Int }")', "false");
  check('graphql.schema_is_valid("type T implements I { a(b: Int!): Int } interface I { a: Int }")', "false");
  check(
    'graphql.schema_is_valid("type T implements I { a: Int } interface I implements J { a: Int } interface J { a: Int }")',
    "false",
  );
  check('graphql.schema_is_valid("type T implements U { a: Int } type U { a: Int }")', "false");
  check("graphql.schema_is_valid(1)", "false");
});
