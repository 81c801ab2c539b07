import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { jsonSchemaBuiltins } from "./index.ts";

const check = checker(jsonSchemaBuiltins);

test("json.match_schema names what is not satisfied", () => {
  check('json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {})', "[true,[]]");
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"type": "object"})',
    "[true,[]]",
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"type": "array"})',
    '[false,[{"desc":"Invalid type. Expected: array, given: object","error":"(Root): Invalid type. Expected: array, given: object","field":"(Root)","type":"invalid_type"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"id": {"type": "integer"}}})',
    '[false,[{"desc":"Invalid type. Expected: integer, given: string","error":"id: Invalid type. Expected: integer, given: string","field":"id","type":"invalid_type"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"required": ["x", "id"]})',
    '[false,[{"desc":"x is required","error":"(Root): x is required","field":"(Root)","type":"required"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"n": {"minimum": 6}}})',
    '[false,[{"desc":"Must be greater than or equal to 6","error":"n: Must be greater than or equal to 6","field":"n","type":"number_gte"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"n": {"exclusiveMinimum": 5}}})',
    '[false,[{"desc":"Must be greater than 5","error":"n: Must be greater than 5","field":"n","type":"number_gt"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"n": {"maximum": 4}}})',
    '[false,[{"desc":"Must be less than or equal to 4","error":"n: Must be less than or equal to 4","field":"n","type":"number_lte"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"n": {"multipleOf": 2}}})',
    '[false,[{"desc":"Must be a multiple of 2","error":"n: Must be a multiple of 2","field":"n","type":"multiple_of"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"s": {"minLength": 4}}})',
    '[false,[{"desc":"String length must be greater than or equal to 4","error":"s: String length must be greater than or equal to 4","field":"s","type":"string_gte"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"s": {"maxLength": 2}}})',
    '[false,[{"desc":"String length must be less than or equal to 2","error":"s: String length must be less than or equal to 2","field":"s","type":"string_lte"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"s": {"pattern": "^b"}}})',
    '[false,[{"desc":"Does not match pattern \'^b\'","error":"s: Does not match pattern \'^b\'","field":"s","type":"pattern"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"s": {"enum": ["x", 1]}}})',
    '[false,[{"desc":"s must be one of the following: \\"x\\", 1","error":"s: s must be one of the following: \\"x\\", 1","field":"s","type":"enum"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"s": {"const": "x"}}})',
    '[false,[{"desc":"s does not match: \\"x\\"","error":"s: s does not match: \\"x\\"","field":"s","type":"const"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"l": {"uniqueItems": true}}})',
    '[false,[{"desc":"array items[0,2] must be unique","error":"l: array items[0,2] must be unique","field":"l","type":"unique"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"l": {"items": {"type": "integer"}}}})',
    '[false,[{"desc":"Invalid type. Expected: integer, given: string","error":"l.1: Invalid type. Expected: integer, given: string","field":"l.1","type":"invalid_type"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"l": {"minItems": 4}}})',
    '[false,[{"desc":"Array must have at least 4 items","error":"l: Array must have at least 4 items","field":"l","type":"array_min_items"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"l": {"maxItems": 2}}})',
    '[false,[{"desc":"Array must have at most 2 items","error":"l: Array must have at most 2 items","field":"l","type":"array_max_items"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"l": {"contains": {"const": 2}}}})',
    '[false,[{"desc":"At least one of the items must match","error":"l: At least one of the items must match","field":"l","type":"contains"},{"desc":"l.0 does not match: 2","error":"l.0: l.0 does not match: 2","field":"l.0","type":"const"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"additionalProperties": false, "properties": {"id": {}, "n": {}, "l": {}}})',
    '[false,[{"desc":"Additional property s is not allowed","error":"(Root): Additional property s is not allowed","field":"(Root)","type":"additional_property_not_allowed"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"patternProperties": {"^[ni]": {"type": "string"}}})',
    '[false,[{"desc":"Invalid type. Expected: string, given: integer","error":"n: Invalid type. Expected: string, given: integer","field":"n","type":"invalid_type"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"minProperties": 5})',
    '[false,[{"desc":"Must have at least 5 properties","error":"(Root): Must have at least 5 properties","field":"(Root)","type":"array_min_properties"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"maxProperties": 3})',
    '[false,[{"desc":"Must have at most 3 properties","error":"(Root): Must have at most 3 properties","field":"(Root)","type":"array_max_properties"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"not": {}})',
    '[false,[{"desc":"Must not validate the schema (not)","error":"(Root): Must not validate the schema (not)","field":"(Root)","type":"number_not"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"anyOf": [{"type": "array"}, {"type": "string"}]})',
    '[false,[{"desc":"Must validate at least one schema (anyOf)","error":"(Root): Must validate at least one schema (anyOf)","field":"(Root)","type":"number_any_of"},{"desc":"Invalid type. Expected: array, given: object","error":"(Root): Invalid type. Expected: array, given: object","field":"(Root)","type":"invalid_type"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"oneOf": [{}, {"type": "object"}]})',
    '[false,[{"desc":"Must validate one and only one schema (oneOf)","error":"(Root): Must validate one and only one schema (oneOf)","field":"(Root)","type":"number_one_of"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"allOf": [{"required": ["x"]}]})',
    '[false,[{"desc":"x is required","error":"(Root): x is required","field":"(Root)","type":"required"},{"desc":"Must validate all the schemas (allOf)","error":"(Root): Must validate all the schemas (allOf)","field":"(Root)","type":"number_all_of"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"id": {"type": ["integer", "null"]}}})',
    '[false,[{"desc":"Invalid type. Expected: [integer,null], given: string","error":"id: Invalid type. Expected: [integer,null], given: string","field":"id","type":"invalid_type"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"definitions": {"a": {"type": "integer"}}, "properties": {"id": {"$ref": "#/definitions/a"}}})',
    '[false,[{"desc":"Invalid type. Expected: integer, given: string","error":"id: Invalid type. Expected: integer, given: string","field":"id","type":"invalid_type"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"dependencies": {"id": ["y"]}})',
    '[false,[{"desc":"Has a dependency on y","error":"(Root): Has a dependency on y","field":"(Root)","type":"missing_dependency"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"propertyNames": {"maxLength": 1}})',
    '[false,[{"desc":"Property name of \\"id\\" does not match","error":"(Root): Property name of \\"id\\" does not match","field":"(Root)","type":"invalid_property_name"},{"desc":"String length must be less than or equal to 1","error":"(Root): String length must be less than or equal to 1","field":"(Root)","type":"string_lte"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"if": {"required": ["id"]}, "then": {"required": ["z"]}})',
    '[false,[{"desc":"Must validate \\"then\\" as \\"if\\" was valid","error":"(Root): Must validate \\"then\\" as \\"if\\" was valid","field":"(Root)","type":"condition_then"},{"desc":"z is required","error":"(Root): z is required","field":"(Root)","type":"required"}]]',
  );
  check(
    'json.match_schema({"id": "foo", "n": 5, "l": [1, "a", 1], "s": "abc"}, {"properties": {"l": {"items": [{"type": "string"}], "additionalItems": false}}})',
    '[false,[{"desc":"Invalid type. Expected: string, given: integer","error":"l.0: Invalid type. Expected: string, given: integer","field":"l.0","type":"invalid_type"},{"desc":"No additional items allowed on array","error":"l: No additional items allowed on array","field":"l","type":"array_no_additional_items"}]]',
  );
  check('json.match_schema("{\\"id\\":5}", "{\\"required\\":[\\"id\\"]}")', "[true,[]]");
});

test("what is no document or no schema is an error", () => {
  check('json.match_schema("{", {})', "eval_builtin_error: invalid JSON string");
  check('json.match_schema({}, "{")', "eval_builtin_error: invalid JSON string");
  check("json.match_schema(1, {})", "eval_builtin_error: wrong type, expected string or object");
  check("json.match_schema({}, null)", "eval_builtin_error: wrong type, expected string or object");
  check(
    'json.match_schema({"id": 1}, {"type": "unknown"})',
    "eval_builtin_error: has a primitive type that is NOT VALID -- given: /unknown/ Expected valid values are:[array boolean integer number null object string]",
  );
  check('json.match_schema({}, {"pattern": "("})', "eval_builtin_error: pattern must be a valid regex");
  check('json.match_schema({}, {"required": 1})', "eval_builtin_error: required must be of an array");
});

test("json.verify_schema answers why a value is no schema", () => {
  check("json.verify_schema({})", "[true,null]");
  check('json.verify_schema("{\\"type\\":\\"boolean\\"}")', "[true,null]");
  check(
    'json.verify_schema({"type": "unknown_type"})',
    '[false,"jsonschema: has a primitive type that is NOT VALID -- given: /unknown_type/ Expected valid values are:[array boolean integer number null object string]"]',
  );
  check(
    'json.verify_schema({"properties": {"a": {"type": "x"}}})',
    '[false,"jsonschema: has a primitive type that is NOT VALID -- given: /x/ Expected valid values are:[array boolean integer number null object string]"]',
  );
  check('json.verify_schema("{")', '[false,"jsonschema: invalid JSON string"]');
  check("json.verify_schema(1)", '[false,"jsonschema: wrong type, expected string or object"]');
  check(
    'json.verify_schema({"type": ["string", "string"]})',
    '[false,"jsonschema: string type is duplicated"]',
  );
  check('json.verify_schema({"pattern": "a+"})', "[true,null]");
  check('json.verify_schema({"pattern": "("})', '[false,"jsonschema: pattern must be a valid regex"]');
});
