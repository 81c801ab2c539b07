import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { objectBuiltins } from "./index.ts";

const check = termChecker(objectBuiltins);

test("values are found under keys and paths", () => {
  check('object.get({"a": 1}, "a", 0)', "1");
  check('object.get({"a": null}, "a", 0)', "null");
  check('object.get({}, "a", "d")', '"d"');
  check('object.get({"a": [{"b": 1}]}, ["a", 0, "b"], 0)', "1");
  check('object.get({"a": [1]}, ["a", "0"], "d")', '"d"');
  check('object.get({"a": {1}}, ["a", 1], 0)', "1");
  check('object.get({"a": 1}, [], 0)', '{"a": 1}');
  check("object.get({[1]: 2}, [[1]], 0)", "2");
  check('object.get({"a": 1}, ["a", "b"], "d")', '"d"');
  check('object.get({}, "constructor", "d")', '"d"');
  check('object.get([], "a", 0)', "eval_type_error: operand 1 must be object but got array");
});

test("keys select", () => {
  check('object.keys({"a": 1, 2: 3})', '{2, "a"}');
  check("object.keys({})", "set()");
  check('object.filter({"a": 1, "b": 2}, ["a", "x"])', '{"a": 1}');
  check('object.filter({"a": 1, "b": 2}, {"b": 0})', '{"b": 2}');
  check("object.filter({1: 2}, {1})", "{1: 2}");
  check('object.remove({"a": 1, "b": 2}, {"a"})', '{"b": 2}');
  check('object.remove({"a": 1}, [])', '{"a": 1}');
  check('object.remove({"__proto__": 1, "a": 2}, ["__proto__"])', '{"a": 2}');
  check("object.keys([])", "eval_type_error: operand 1 must be object but got array");
  check(
    'object.filter({}, "a")',
    "eval_type_error: operand 2 must be one of {object, set, array} but got string",
  );
  check("object.remove(1, [])", "eval_type_error: operand 1 must be object but got number");
});

test("unions go deep, and the last value counts", () => {
  check('object.union({"a": {"b": 1}}, {"a": {"c": 2}, "d": 3})', '{"a": {"b": 1, "c": 2}, "d": 3}');
  check('object.union({"a": {"b": 1}}, {"a": 2})', '{"a": 2}');
  check('object.union({"a": 1}, {"a": {"b": 1}})', '{"a": {"b": 1}}');
  check('object.union_n([{"a": {"b": 2}}, {"a": 4}, {"a": {"c": 3}}])', '{"a": {"c": 3}}');
  check(
    'object.union_n([{"a": {"b": {"x": 1}}}, {"a": {"b": {"y": 2}}}, {"a": {"b": {"x": 3}}}])',
    '{"a": {"b": {"x": 3, "y": 2}}}',
  );
  check("object.union_n([])", "{}");
  check("object.union({}, 1)", "eval_type_error: operand 2 must be object but got number");
  check(
    "object.union_n([{}, 1])",
    "eval_type_error: operand 1 must be array of objects but got array containing number",
  );
  check("object.union_n({})", "eval_type_error: operand 1 must be array but got object");
});

test("subsets are looked for in kind", () => {
  check('object.subset({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}})', "true");
  check('object.subset({"a": 1}, {"a": 2})', "false");
  check('object.subset({"a": [1, 2, 3]}, {"a": [2, 3]})', "true");
  check('object.subset({"a": {1, 2}}, {"a": {1}})', "true");
  check("object.subset([1, 2, 1, 3], [1, 3])", "true");
  check("object.subset([1, 2, 3], [1, 3])", "false");
  check("object.subset([1], [])", "true");
  check("object.subset({1, 2}, {2})", "true");
  check("object.subset([1, 2], {2})", "true");
  check("object.subset([1, 1], {1, 2})", "true");
  check("object.subset([], set())", "false");
  check(
    "object.subset({}, [])",
    "eval_type_error: both arguments object.subset must be of the same type or array and set",
  );
  check(
    "object.subset({1}, [1])",
    "eval_type_error: both arguments object.subset must be of the same type or array and set",
  );
});

test("paths lead into objects, arrays and sets", () => {
  check('json.filter({"a": {"b": 1, "c": 2}, "d": 3}, ["a/b"])', '{"a": {"b": 1}}');
  check('json.filter({"a": [1, 2, 3]}, ["a/0", "a/2"])', '{"a": [1, 3]}');
  check('json.filter({"a/b": 1, "~": 2}, {"a~1b", "~0"})', '{"a/b": 1, "~": 2}');
  check('json.filter({"a": {"b": 1}}, [["a", "b"]])', '{"a": {"b": 1}}');
  check('json.filter({"a": {1, 2}}, [["a", 1]])', '{"a": {1}}');
  check('json.filter({"a": 1}, ["x/y"])', "{}");
  check('json.filter({"a": {"b": 1}}, ["a/b", "a"])', '{"a": {"b": 1}}');
  check('json.remove({"a": {"b": 1, "c": 2}}, ["a/b"])', '{"a": {"c": 2}}');
  check('json.remove({"a": [1, 2, 3]}, ["a/1"])', '{"a": [1, 3]}');
  check('json.remove({"a": {1, 2}}, [["a", 2]])', '{"a": {1}}');
  check('json.remove({"a": 1}, ["a", "a/b"])', "{}");
  check('json.remove({"a": 1}, [""])', '{"a": 1}');
  check(
    'json.remove({"a": 1}, "a")',
    "eval_type_error: operand 2 must be one of {set, array} but got string",
  );
  check(
    'json.filter({"a": 1}, [1])',
    "eval_type_error: operand 2 must be one of {set, array} containing string paths or array of path segments but got number",
  );
  check('json.filter([], ["a"])', "eval_type_error: operand 1 must be object but got array");
});

test("patches add, remove, replace, move, copy and test", () => {
  check('json.patch({"a": 1}, [{"op": "add", "path": "/b", "value": 2}])', '{"a": 1, "b": 2}');
  check(
    'json.patch([1, 3], [{"op": "add", "path": "1", "value": 2}, {"op": "add", "path": "-", "value": 4}])',
    "[1, 2, 3, 4]",
  );
  check('json.patch({"a": {1}}, [{"op": "add", "path": ["a", 2], "value": 2}])', '{"a": {1, 2}}');
  check('json.patch({"a": 1, "b": 2}, [{"op": "remove", "path": "a"}])', '{"b": 2}');
  check('json.patch({"a": [1, 2]}, [{"op": "remove", "path": "a/0"}])', '{"a": [2]}');
  check('json.patch({"a": {1, 2}}, [{"op": "remove", "path": ["a", 1]}])', '{"a": {2}}');
  check('json.patch({"a": {"b": 1}}, [{"op": "replace", "path": "a/b", "value": [2]}])', '{"a": {"b": [2]}}');
  check('json.patch({"a": 1}, [{"op": "replace", "path": "", "value": 2}])', "2");
  check(
    'json.patch({"a": {"b": 1}, "c": {}}, [{"op": "move", "from": "a/b", "path": "c/d"}])',
    '{"a": {}, "c": {"d": 1}}',
  );
  check('json.patch({"a": [1]}, [{"op": "copy", "from": "a/0", "path": "b"}])', '{"a": [1], "b": 1}');
  check('json.patch({"a": 1}, [{"op": "test", "path": "a", "value": 1.0}])', '{"a": 1}');
  check('json.patch({"s": {[1]}}, [{"op": "add", "path": ["s", [1], 0], "value": 0}])', '{"s": {[0, 1]}}');
});

test("patches that do not apply are refused", () => {
  check(
    'json.patch({"a": 1}, [{"op": "test", "path": "a", "value": 2}])',
    "eval_builtin_error: value from EditTree != patch value.\n\nExpected: 2\n\nFound: 1",
  );
  check(
    'json.patch({"a": 1}, [{"op": "remove", "path": "b"}])',
    'eval_builtin_error: cannot delete child key "b" that does not exist',
  );
  check(
    'json.patch({"a": 1}, [{"op": "add", "path": "b/c", "value": 1}])',
    'eval_builtin_error: path "b" does not exist in object term {"a": 1}',
  );
  check(
    'json.patch({"a": 1}, [{"op": "add", "path": "a/c", "value": 1}])',
    "eval_builtin_error: expected composite type, found value: 1 (type: ast.Number)",
  );
  check(
    'json.patch({"a": 1}, [{"op": "add", "path": "a/b/c", "value": 1}])',
    'eval_builtin_error: expected composite type for path "b", found value: 1 (type: ast.Number)',
  );
  check(
    'json.patch([1], [{"op": "add", "path": "3", "value": 1}])',
    "eval_builtin_error: index for array insertion out of bounds",
  );
  check(
    'json.patch([1], [{"op": "add", "path": "01", "value": 1}])',
    "eval_builtin_error: leading zeros are not allowed in JSON paths",
  );
  check(
    'json.patch([1], [{"op": "add", "path": "x", "value": 1}])',
    "eval_builtin_error: invalid string for indexing",
  );
  check(
    'json.patch([1], [{"op": "add", "path": [1.5], "value": 1}])',
    "eval_builtin_error: invalid number type for indexing",
  );
  check(
    'json.patch([1], [{"op": "add", "path": [null], "value": 1}])',
    "eval_builtin_error: invalid type for indexing",
  );
  check(
    'json.patch([1], [{"op": "remove", "path": "-"}])',
    "eval_builtin_error: index for array delete out of bounds",
  );
  check(
    'json.patch([1], [{"op": "test", "path": "3/a", "value": 1}])',
    "eval_builtin_error: path 3 does not exist in array term [1]",
  );
  check(
    'json.patch({1}, [{"op": "add", "path": [2], "value": 3}])',
    "eval_builtin_error: set key 2 does not equal value to be inserted 3",
  );
  check(
    'json.patch({1}, [{"op": "test", "path": [2], "value": 3}])',
    "eval_builtin_error: path 2 does not exist in set term {1}",
  );
  check(
    'json.patch({"a": 1}, [1])',
    "eval_builtin_error: must be an array of JSON-Patch objects, but at least one element is not an object",
  );
  check('json.patch({"a": 1}, [{}])', "eval_builtin_error: missing required attribute 'path'");
  check('json.patch({"a": 1}, [{"path": "a"}])', "eval_builtin_error: missing required attribute 'op'");
  check(
    'json.patch({"a": 1}, [{"op": 1, "path": "a"}])',
    "eval_builtin_error: attribute 'op' must be a string but found: number",
  );
  check(
    'json.patch({"a": 1}, [{"op": "add", "path": "a"}])',
    "eval_builtin_error: missing required attribute 'value'",
  );
  check(
    'json.patch({"a": 1}, [{"op": "move", "path": "a"}])',
    "eval_builtin_error: missing required attribute 'from'",
  );
  check('json.patch({"a": 1}, [{"op": "nop", "path": "a"}])', "eval_builtin_error: unrecognized op: 'nop'");
  check(
    'json.patch({"a": 1}, [{"op": "add", "path": 1, "value": 1}])',
    "eval_type_error: operand 2 must be one of {set, array} containing string paths or array of path segments but got number",
  );
  check('json.patch({"a": 1}, 1)', "eval_type_error: operand 2 must be array but got number");
});

test("an array that earlier patches moved is edited where its items are now", () => {
  check(
    'json.patch([{"a": 1}, {"b": 2}], [{"op": "remove", "path": "0"}, {"op": "add", "path": "0/x", "value": 1}])',
    '[{"b": 2, "x": 1}]',
  );
});

test("a document that was removed is undefined", () => {
  check('json.patch({"a": 1}, [{"op": "remove", "path": ""}])', "undefined");
});

test("json.patch says of what was removed that it was", () => {
  for (const [patches, error] of [
    [
      '{"op":"remove","path":"/a"},{"op":"add","path":"/a/b","value":1}',
      'unfold the already deleted composite node for key "a"',
    ],
    [
      '{"op":"remove","path":"/a"},{"op":"remove","path":"/a"}',
      'delete the already deleted composite node for key "a"',
    ],
    [
      '{"op":"remove","path":"/a/b"},{"op":"add","path":"/a/b/c","value":1}',
      'unfold the already deleted scalar node for key "b"',
    ],
    [
      '{"op":"remove","path":"/a"},{"op":"copy","from":"/a/b","path":"/c"}',
      'unfold the already deleted composite node for key "a"',
    ],
  ] as const) {
    check(`json.patch({"a": {"b": 1}}, [${patches}])`, `eval_builtin_error: cannot ${error}`);
  }
  check(
    'json.patch({"a": {"b": 1}}, [{"op":"remove","path":"/a"},{"op":"add","path":"/a","value":{}},{"op":"add","path":"/a/c","value":1}])',
    '{"a": {"c": 1}}',
  );
  check(
    'json.patch({"a": 1}, [{"op":"move","path":"/a","from":""}])',
    "eval_builtin_error: deleted node encountered during insert operation",
  );
});
