import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { jsonSchemaBuiltins } from "./index.ts";

const check = checker(jsonSchemaBuiltins);

test("a schema that is none is refused for the first thing that is wrong", () => {
  for (const [schema, reason] of [
    [{ type: 1 }, "Invalid type. Expected: type, given: string/Array Of Strings"],
    [
      { type: "x" },
      "has a primitive type that is NOT VALID -- given: /x/ Expected valid values are:[array boolean integer number null object string]",
    ],
    [
      { type: "(" },
      "has a primitive type that is NOT VALID -- given: /(/ Expected valid values are:[array boolean integer number null object string]",
    ],
    [
      { type: ["a"] },
      "has a primitive type that is NOT VALID -- given: /a/ Expected valid values are:[array boolean integer number null object string]",
    ],
    [
      { type: "http://a/#" },
      "has a primitive type that is NOT VALID -- given: /http://a/#/ Expected valid values are:[array boolean integer number null object string]",
    ],
    [
      { type: "#/definitions/a" },
      "has a primitive type that is NOT VALID -- given: /#/definitions/a/ Expected valid values are:[array boolean integer number null object string]",
    ],
    [
      { type: "#" },
      "has a primitive type that is NOT VALID -- given: /#/ Expected valid values are:[array boolean integer number null object string]",
    ],
    [
      { type: "%zz" },
      "has a primitive type that is NOT VALID -- given: /%zz/ Expected valid values are:[array boolean integer number null object string]",
    ],
    [{ properties: 1 }, "Properties must be of type object"],
    [{ properties: { a: 1 } }, "Expected: Valid Schema, given: Invalid JSON"],
    [
      { additionalProperties: 1 },
      "Invalid type. Expected: boolean/Valid Schema, given: additionalProperties",
    ],
    [{ patternProperties: 1 }, "Invalid type. Expected: Valid Schema, given: patternProperties"],
    [{ dependencies: 1 }, "dependencies must be of type object"],
    [{ dependencies: { a: 1 } }, "Dependency must be of type Schema Or Array Of Strings"],
    [{ items: 1 }, "Invalid type. Expected: Valid Schema/Array Of Schemas, given: items"],
    [{ additionalItems: 1 }, "Invalid type. Expected: boolean/Valid Schema, given: additionalItems"],
    [{ multipleOf: -1 }, "multipleOf must be strictly greater than 0"],
    [{ multipleOf: "x" }, "Invalid type. Expected: Number, given: multipleOf"],
    [{ minimum: "x" }, "minimum must be of a Number"],
    [{ maximum: "x" }, "maximum must be of a Number"],
    [{ exclusiveMinimum: "x" }, "Invalid type. Expected: boolean/number, given: exclusiveMinimum"],
    [{ exclusiveMinimum: true }, "exclusiveMinimum cannot be used without minimum"],
    [{ exclusiveMaximum: "x" }, "Invalid type. Expected: boolean/number, given: exclusiveMaximum"],
    [{ exclusiveMaximum: true }, "exclusiveMaximum cannot be used without maximum"],
    [{ minLength: -1 }, "minLength must be greater than or equal to 0"],
    [{ minLength: 1.5 }, "minLength must be of an integer"],
    [{ maxLength: -1 }, "maxLength must be greater than or equal to 0"],
    [{ maxLength: 1.5 }, "maxLength must be of an integer"],
    [{ pattern: 1 }, "Invalid type. Expected: string, given: pattern"],
    [{ pattern: "(" }, "pattern must be a valid regex"],
    [{ format: 1 }, "Invalid type. Expected: string, given: format"],
    [{ minProperties: -1 }, "minProperties must be greater than or equal to 0"],
    [{ minProperties: 1.5 }, "minProperties must be of an integer"],
    [{ maxProperties: -1 }, "maxProperties must be greater than or equal to 0"],
    [{ maxProperties: 1.5 }, "maxProperties must be of an integer"],
    [{ required: 1 }, "required must be of an array"],
    [{ required: [1] }, "Invalid type. Expected: string, given: required"],
    [{ required: ["a", "a"] }, "required items must be unique"],
    [{ minItems: -1 }, "minItems must be greater than or equal to 0"],
    [{ minItems: 1.5 }, "minItems must be of an integer"],
    [{ maxItems: -1 }, "maxItems must be greater than or equal to 0"],
    [{ maxItems: 1.5 }, "maxItems must be of an integer"],
    [{ uniqueItems: 1 }, "uniqueItems must be of a boolean"],
    [{ enum: 1 }, "enum must be of an array"],
    [{ enum: ["a", "a"] }, "enum items must be unique"],
    [{ oneOf: 1 }, "oneOf must be of an array"],
    [{ anyOf: 1 }, "anyOf must be of an array"],
    [{ allOf: 1 }, "allOf must be of an array"],
    [{ not: 1 }, "not must be of an object"],
    [{ if: 1 }, "if must be of an object"],
    // eslint-disable-next-line unicorn/no-thenable -- a word of JSON Schema
    [{ then: 1 }, "then must be of an object"],
    [{ else: 1 }, "else must be of an object"],
    [{ definitions: 1 }, "Invalid type. Expected: Array Of Schemas, given: definitions"],
    [{ title: 1 }, "Invalid type. Expected: string, given: title"],
    [{ description: 1 }, "Invalid type. Expected: string, given: description"],
    [{ $ref: 1 }, "Invalid type. Expected: string, given: $ref"],
    [{ $ref: "x" }, "Reference /x must be canonical"],
    [{ $ref: "(" }, "Reference /( must be canonical"],
    [{ $ref: "string" }, "Reference /string must be canonical"],
    [{ $ref: "#/definitions/a" }, "Object has no key 'definitions'"],
    [{ $ref: "%zz" }, 'parse "%zz": invalid URL escape "%zz"'],
    [{ $id: 1 }, "Invalid type. Expected: string, given: $id"],
    [{ id: 1 }, "Invalid type. Expected: string, given: id"],
    [{ $schema: 1 }, "$schema must be of type string"],
    [
      { $schema: "http://json-schema.org/draft-04/schema#", exclusiveMinimum: 1 },
      "Invalid type. Expected: boolean, given: exclusiveMinimum",
    ],
    [
      { $schema: "http://json-schema.org/draft-06/schema#", exclusiveMinimum: true },
      "Invalid type. Expected: number, given: exclusiveMinimum",
    ],
    [{ minLength: 3, maxLength: 2 }, "minLength cannot be greater than maxLength"],
    [{ minProperties: 3, maxProperties: 2 }, "minProperties cannot be greater than maxProperties"],
    [true, "wrong type, expected string or object"],
    ["1", "schema is invalid"],
    [{ $ref: "#/a/b" }, "Object has no key 'a'"],
    [
      { $ref: "#/definitions/x", definitions: { x: { type: "q" } } },
      "has a primitive type that is NOT VALID -- given: /q/ Expected valid values are:[array boolean integer number null object string]",
    ],
    [{ $ref: "foo.json" }, "Reference /foo.json must be canonical"],
    [{ definitions: { a: { $id: "u" }, b: { $id: "u" } } }, 'Reference already exists: "/u"'],
    [{ items: [{ $ref: "#/items/2" }, {}] }, "Out of bound array[0,2] index '2'"],
    [{ items: [{ $ref: "#/items/x" }] }, "Invalid array index 'x'"],
    [{ $ref: "#/title/x", title: "a" }, "Invalid token reference 'x'"],
    [
      { $id: "a/b.json", definitions: { x: { $id: "c.json", $ref: "d.json" } } },
      "Reference /a/d.json must be canonical",
    ],
  ] as const) {
    check(`json.verify_schema(${JSON.stringify(schema)})`, JSON.stringify([false, `jsonschema: ${reason}`]));
  }
});

test("what a draft does not know is not looked at", () => {
  for (const schema of [
    {
      $schema: "http://json-schema.org/draft-04/schema#",
      minimum: 1,
      exclusiveMinimum: true,
      if: 1,
      const: 1,
    },
    { $schema: "http://json-schema.org/draft-06/schema#", exclusiveMinimum: 1, if: 1 },
    { $schema: "http://json-schema.org/draft-07/schema#", items: true },
    { $ref: "#", type: "string" },
    true,
  ]) {
    check(`json.verify_schema(${JSON.stringify(JSON.stringify(schema))})`, "[true,null]");
  }
});
