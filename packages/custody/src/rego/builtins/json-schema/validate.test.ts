import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { jsonSchemaBuiltins } from "./index.ts";

const check = checker(jsonSchemaBuiltins);

test("findings come in gojsonschema's order, and of several attempts the closest is told", () => {
  for (const [document, schema, ...findings] of [
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { properties: { n: { minimum: 5, exclusiveMinimum: true } } },
      ["n", "number_gt", "Must be greater than 5"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { properties: { n: { maximum: 5, exclusiveMaximum: true } } },
      ["n", "number_lt", "Must be less than 5"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { anyOf: [{ properties: { id: { type: "integer" } } }, { required: ["q", "id"] }] },
      ["(Root)", "number_any_of", "Must validate at least one schema (anyOf)"],
      ["(Root)", "required", "q is required"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { anyOf: [{ required: ["q"] }, { properties: { id: { type: "integer" } }, required: ["id", "n"] }] },
      ["(Root)", "number_any_of", "Must validate at least one schema (anyOf)"],
      ["id", "invalid_type", "Invalid type. Expected: integer, given: string"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { oneOf: [{ required: ["q"] }, { required: ["id", "r"] }] },
      ["(Root)", "number_one_of", "Must validate one and only one schema (oneOf)"],
      ["(Root)", "required", "r is required"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { oneOf: [{ type: "object" }, { type: "object" }] },
      ["(Root)", "number_one_of", "Must validate one and only one schema (oneOf)"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { allOf: [{ required: ["q"] }, { type: "object" }] },
      ["(Root)", "required", "q is required"],
      ["(Root)", "number_all_of", "Must validate all the schemas (allOf)"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      // eslint-disable-next-line unicorn/no-thenable -- a word of JSON Schema
      { if: { type: "array" }, then: { minItems: 5 }, else: { required: ["k"] } },
      ["(Root)", "condition_else", 'Must validate "else" as "if" was not valid'],
      ["(Root)", "required", "k is required"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { additionalProperties: false, properties: { id: {}, n: {}, l: {} } },
      ["(Root)", "additional_property_not_allowed", "Additional property s is not allowed"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { const: { a: { b: 1 } } },
      ["(Root)", "const", '(Root) does not match: {"a":{"b":1}}'],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { enum: [{ a: { b: 1 } }, "<"] },
      ["(Root)", "enum", '(Root) must be one of the following: {"a":{"b":1}}, "\\u003c"'],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { const: [1.0, 2, 3] },
      ["(Root)", "const", "(Root) does not match: [1,2,3]"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { not: { type: "object" } },
      ["(Root)", "number_not", "Must not validate the schema (not)"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      {
        definitions: {
          t: { type: "object", properties: { l: { items: { $ref: "#/definitions/u" } } } },
          u: { type: "integer" },
        },
        $ref: "#/definitions/t",
      },
      ["l.1", "invalid_type", "Invalid type. Expected: integer, given: string"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      {
        $id: "http://x.y/root.json",
        definitions: { u: { $id: "u.json", type: "integer" } },
        properties: { s: { $ref: "u.json" } },
      },
      ["s", "invalid_type", "Invalid type. Expected: integer, given: string"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { definitions: { u: { $id: "#u", type: "integer" } }, properties: { s: { $ref: "#u" } } },
      ["s", "invalid_type", "Invalid type. Expected: integer, given: string"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { properties: { s: { type: ["integer"] } } },
      ["s", "invalid_type", "Invalid type. Expected: integer, given: string"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { properties: { s: { type: ["integer", "null"] } } },
      ["s", "invalid_type", "Invalid type. Expected: [integer,null], given: string"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { properties: { a: false, id: false } },
      ["id", "false", "False always fails validation"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { minProperties: 9 },
      ["(Root)", "array_min_properties", "Must have at least 9 properties"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { maxProperties: 1 },
      ["(Root)", "array_max_properties", "Must have at most 1 properties"],
    ],
    [
      { id: "foo", n: 5, l: [1, "a", 1], s: "abc" },
      { properties: { s: { minLength: 9, pattern: "^z" } } },
      ["s", "string_gte", "String length must be greater than or equal to 9"],
      ["s", "pattern", "Does not match pattern '^z'"],
    ],
    [
      [1, 2, 3],
      { items: { type: "integer" }, minItems: 4 },
      ["(Root)", "array_min_items", "Array must have at least 4 items"],
    ],
    [
      [1, 2, 3],
      { items: [{ type: "string" }, { const: 2 }], additionalItems: { type: "string" } },
      ["0", "invalid_type", "Invalid type. Expected: string, given: integer"],
      ["2", "invalid_type", "Invalid type. Expected: string, given: integer"],
    ],
    [
      [1, 2, 3],
      { contains: { minimum: 5 } },
      ["(Root)", "contains", "At least one of the items must match"],
      ["0", "number_gte", "Must be greater than or equal to 5"],
    ],
    [
      [1, 2, 3],
      { contains: { anyOf: [{ type: "string" }, { minimum: 10 }] } },
      ["(Root)", "contains", "At least one of the items must match"],
      ["0", "number_any_of", "Must validate at least one schema (anyOf)"],
      ["0", "number_gte", "Must be greater than or equal to 10"],
    ],
    [
      { a: { b: 1.0 } },
      { patternProperties: { "^n$": { type: "string" } }, additionalProperties: { type: "string" } },
      ["a", "invalid_type", "Invalid type. Expected: string, given: object"],
    ],
    [
      { a: { b: 1.0 } },
      { additionalProperties: false, patternProperties: { "^[inls]": {} } },
      ["(Root)", "additional_property_not_allowed", "Additional property a is not allowed"],
    ],
    [
      { a: { b: 1.0 } },
      { properties: { a: { properties: { b: { type: "integer", multipleOf: 2 } } } } },
      ["a.b", "multiple_of", "Must be a multiple of 2"],
    ],
    [[[1], [1]], { uniqueItems: true }, ["(Root)", "unique", "array items[0,1] must be unique"]],
    [
      { x: 1e20, y: 1.5, z: -3 },
      { properties: { x: { maximum: 10000000000.0 } } },
      ["x", "number_lte", "Must be less than or equal to 1e+10"],
    ],
    [
      { x: 1e20, y: 1.5, z: -3 },
      { properties: { y: { multipleOf: 0.7 } } },
      ["y", "multiple_of", "Must be a multiple of 0.7"],
    ],
    [
      { x: 1e300 },
      { properties: { x: { maximum: 1000000 } } },
      ["x", "number_lte", "Must be less than or equal to 1e+06"],
    ],
    [
      { x: 1e300 },
      { properties: { x: { maximum: 123456 } } },
      ["x", "number_lte", "Must be less than or equal to 123456"],
    ],
    [
      { x: 1e300 },
      { properties: { x: { maximum: 1234567 } } },
      ["x", "number_lte", "Must be less than or equal to 1.234567e+06"],
    ],
    [
      { x: 1e300 },
      { properties: { x: { maximum: 100000000000000000000 } } },
      ["x", "number_lte", "Must be less than or equal to 1e+20"],
    ],
    [
      { x: 1e300 },
      { properties: { x: { maximum: 1234567.5 } } },
      ["x", "number_lte", "Must be less than or equal to 1.2345675e+06"],
    ],
    [
      { x: 1e300 },
      { properties: { x: { maximum: 100000 } } },
      ["x", "number_lte", "Must be less than or equal to 100000"],
    ],
  ] as const) {
    const shown = findings.map(([field, type, desc]) => ({ desc, error: `${field}: ${desc}`, field, type }));
    check(
      `json.match_schema(${JSON.stringify(document)}, ${JSON.stringify(schema)})`,
      JSON.stringify([false, shown]),
    );
  }
});
