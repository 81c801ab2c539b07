import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { graphqlBuiltins } from "./index.ts";

const check = checker(graphqlBuiltins);

test("graphql.parse_query shows the tree without what is empty", () => {
  check('graphql.parse_query("")', "{}");
  check(
    'graphql.parse_query("{ hero { name } }")',
    '{"Operations":[{"Name":"","Operation":"query","SelectionSet":[{"Alias":"hero","Name":"hero","SelectionSet":[{"Alias":"name","Name":"name"}]}]}]}',
  );
  check(
    'graphql.parse_query("query Q($a: [Int!]! = [1] @d) { b: c(x: $a, y: {z: 1.5, n: null, e: E, t: true}) @include(if: $a) }")',
    '{"Operations":[{"Name":"Q","Operation":"query","SelectionSet":[{"Alias":"b","Arguments":[{"Name":"x","Value":{"ExpectedTypeHasDefault":false,"Kind":0,"Raw":"a"}},{"Name":"y","Value":{"Children":[{"Name":"z","Value":{"ExpectedTypeHasDefault":false,"Kind":2,"Raw":"1.5"}},{"Name":"n","Value":{"ExpectedTypeHasDefault":false,"Kind":6,"Raw":"null"}},{"Name":"e","Value":{"ExpectedTypeHasDefault":false,"Kind":7,"Raw":"E"}},{"Name":"t","Value":{"ExpectedTypeHasDefault":false,"Kind":5,"Raw":"true"}}],"ExpectedTypeHasDefault":false,"Kind":9,"Raw":""}}],"Directives":[{"Arguments":[{"Name":"if","Value":{"ExpectedTypeHasDefault":false,"Kind":0,"Raw":"a"}}],"Location":"","Name":"include"}],"Name":"c"}],"VariableDefinitions":[{"DefaultValue":{"Children":[{"Name":"","Value":{"ExpectedTypeHasDefault":false,"Kind":1,"Raw":"1"}}],"ExpectedTypeHasDefault":false,"Kind":8,"Raw":""},"Directives":[{"Location":"","Name":"d"}],"Type":{"Elem":{"NamedType":"Int","NonNull":true},"NamedType":"","NonNull":true},"Used":false,"Variable":"a"}]}]}',
  );
  check(
    'graphql.parse_query("{ ...F ... on T { a } ... @d { b } } fragment F on T { a(s: \\"x\\", t: \\"\\"\\"\\n  y\\n  \\"\\"\\") }")',
    '{"Fragments":[{"Name":"F","SelectionSet":[{"Alias":"a","Arguments":[{"Name":"s","Value":{"ExpectedTypeHasDefault":false,"Kind":3,"Raw":"x"}},{"Name":"t","Value":{"ExpectedTypeHasDefault":false,"Kind":4,"Raw":"y"}}],"Name":"a"}],"TypeCondition":"T"}],"Operations":[{"Name":"","Operation":"query","SelectionSet":[{"Name":"F"},{"SelectionSet":[{"Alias":"a","Name":"a"}],"TypeCondition":"T"},{"Directives":[{"Location":"","Name":"d"}],"SelectionSet":[{"Alias":"b","Name":"b"}],"TypeCondition":""}]}]}',
  );
  check(
    'graphql.parse_query("# one\\nquery { # two\\n a }")',
    '{"Operations":[{"Comment":{"List":[{"Value":"# one"}]},"Name":"","Operation":"query","SelectionSet":[{"Alias":"a","Comment":{"List":[{"Value":"# two"}]},"Name":"a"}]}]}',
  );
  check(
    'graphql.parse_query("mutation M { a } subscription S { b }")',
    '{"Operations":[{"Name":"M","Operation":"mutation","SelectionSet":[{"Alias":"a","Name":"a"}]},{"Name":"S","Operation":"subscription","SelectionSet":[{"Alias":"b","Name":"b"}]}]}',
  );
  check("graphql.parse_query(1)", "eval_type_error: operand 1 must be string but got number");
});

test("graphql.parse_query says what it did not expect", () => {
  check(
    'graphql.parse_query("{")',
    "eval_builtin_error: Expected Name, found <EOF> in GraphQL string at location 1:2",
  );
  check(
    'graphql.parse_query("{}")',
    "eval_builtin_error: expected at least one definition, found } in GraphQL string at location 1:2",
  );
  check(
    'graphql.parse_query("{ a: }")',
    "eval_builtin_error: Expected Name, found } in GraphQL string at location 1:6",
  );
  check(
    'graphql.parse_query("{ a(b: ) }")',
    "eval_builtin_error: Unexpected ) in GraphQL string at location 1:8",
  );
  check(
    'graphql.parse_query("query ($a: Int = $b) { c }")',
    "eval_builtin_error: Unexpected $ in GraphQL string at location 1:18",
  );
  check(
    'graphql.parse_query("fragment on on T { a }")',
    'eval_builtin_error: Unexpected Name "on" in GraphQL string at location 1:10',
  );
  check(
    'graphql.parse_query("fragment F T { a }")',
    'eval_builtin_error: Expected "on", found Name "T" in GraphQL string at location 1:12',
  );
  check(
    'graphql.parse_query("{ ...on }")',
    "eval_builtin_error: Expected Name, found } in GraphQL string at location 1:9",
  );
  check(
    'graphql.parse_query("query Q")',
    "eval_builtin_error: Expected {, found <EOF> in GraphQL string at location 1:8",
  );
  check(
    'graphql.parse_query("type T { a: Int }")',
    'eval_builtin_error: Unexpected Name "type" in GraphQL string at location 1:1',
  );
  check(
    'graphql.parse_query("{ a ? }")',
    "eval_builtin_error: Expected Name, found <Invalid> in GraphQL string at location 1:5",
  );
  check(
    'graphql.parse_query("{ a(b: \\"")',
    "eval_builtin_error: Unexpected <Invalid> in GraphQL string at location 1:9",
  );
});

test("graphql.is_valid checks the query against the schema", () => {
  check('graphql.is_valid("{ a }", "type Query { a: Int }")', "true");
  check('graphql.is_valid("", "type Query { a: Int }")', "true");
  check('graphql.is_valid("{ b }", "type Query { a: Int }")', "false");
  check('graphql.is_valid("{ a { b } }", "type Query { a: Int }")', "false");
  check('graphql.is_valid("{ a(x: 1) }", "type Query { a(x: Int!): Int }")', "true");
  check('graphql.is_valid("{ a }", "type Query { a(x: Int!): Int }")', "false");
  check('graphql.is_valid("{ __typename __schema { types { name } } }", "type Query { a: Int }")', "true");
  check('graphql.is_valid("{ ... @defer { a } }", "type Query { a: Int }")', "true");
  check('graphql.is_valid("mutation { a }", "type Query { a: Int }")', "false");
  check('graphql.is_valid("{ a", "type Query { a: Int }")', "false");
  check('graphql.is_valid("{ a }", "type Query { a: T }")', "false");
  check('graphql.is_valid(1, "type Query { a: Int }")', "false");
  check('graphql.is_valid("{ a }", 1)', "false");
});

test("documents may come as the trees of other calls", () => {
  check(
    'graphql.is_valid({"Operations": [{"Operation": "query", "SelectionSet": [{"Alias": "a", "Name": "a"}]}]}, "type Query { a: Int }")',
    "true",
  );
  check(
    'graphql.is_valid({"Operations": [{"Operation": "query", "SelectionSet": [{"Alias": "b", "Name": "b"}]}]}, "type Query { a: Int }")',
    "false",
  );
  check(
    'graphql.is_valid("{ a }", {"Definitions": [{"Kind": "OBJECT", "Name": "Query", "Fields": [{"Name": "a", "Type": {"NamedType": "Int"}}]}]})',
    "true",
  );
  check('graphql.is_valid({"Operations": 1}, "type Query { a: Int }")', "false");
});

test("graphql.parse answers both trees or the first error", () => {
  check(
    'graphql.parse("{ a }", "type Query { a: Int }")',
    '[{"Operations":[{"Name":"","Operation":"query","SelectionSet":[{"Alias":"a","Name":"a"}]}]},{"Definitions":[{"BuiltIn":false,"Description":"","Fields":[{"Description":"","Name":"a","Type":{"NamedType":"Int","NonNull":false}}],"Kind":"OBJECT","Name":"Query"}]}]',
  );
  check(
    'graphql.parse("{ b }", "type Query { a: Int }")',
    'eval_builtin_error: Cannot query field "b" on type "Query". Did you mean "a"?\n in GraphQL string at location 1:3',
  );
  check(
    'graphql.parse("{ a }", "type Query { a(x: Int!): Int }")',
    'eval_builtin_error: Field "a" argument "x" of type "Int!" is required, but it was not provided in GraphQL string at location 1:3',
  );
  check(
    'graphql.parse("{ a }", "type Query { a: T }")',
    "eval_builtin_error: Error in gqlparser SchemaDocument to Schema conversion: input:1:17: Undefined type T.",
  );
  check(
    'graphql.parse(1, "type Query { a: Int }")',
    "eval_type_error: operand 0 must be one of {string, object} but got number",
  );
  check(
    'graphql.parse("{ a }", null)',
    "eval_type_error: operand 1 must be one of {string, object} but got null",
  );
  check(
    'graphql.parse({"Operations": [{"Name": "", "Operation": "query", "SelectionSet": [{"Alias": "b", "Name": "b"}]}]}, "type Query { a: Int }")',
    'eval_builtin_error: GraphQL parse error: input: Cannot query field "b" on type "Query". Did you mean "a"?\n',
  );
});

test("graphql.parse_and_verify answers whether it could, and both trees", () => {
  check(
    'graphql.parse_and_verify("{ a }", "type Query { a: Int }")',
    '[true,{"Operations":[{"Name":"","Operation":"query","SelectionSet":[{"Alias":"a","Name":"a"}]}]},{"Definitions":[{"BuiltIn":false,"Description":"","Fields":[{"Description":"","Name":"a","Type":{"NamedType":"Int","NonNull":false}}],"Kind":"OBJECT","Name":"Query"}]}]',
  );
  check('graphql.parse_and_verify("{ b }", "type Query { a: Int }")', "[false,{},{}]");
  check('graphql.parse_and_verify(1, "type Query { a: Int }")', "[false,{},{}]");
});
