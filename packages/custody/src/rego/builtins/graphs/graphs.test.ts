import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { graphBuiltins } from "./index.ts";

const check = termChecker(graphBuiltins);

test("nodes are reached along edges", () => {
  check('graph.reachable({"a": ["b"], "b": ["a", "c"], "c": []}, ["a"])', '{"a", "b", "c"}');
  check('graph.reachable({"a": {"b"}, "b": ["z"]}, {"a", "q"})', '{"a", "b"}');
  check('graph.reachable({"a": null}, ["a"])', '{"a"}');
  check('graph.reachable({}, ["a"])', "set()");
  check('graph.reachable([], ["a"])', "eval_type_error: operand 1 must be object but got array");
  check('graph.reachable({}, "a")', "eval_type_error: operand 2 must be {array, set} but got string");
});

test("paths end where nothing new follows", () => {
  check(
    'graph.reachable_paths({"a": ["b", "c"], "b": ["d"], "c": [], "d": []}, ["a"])',
    '{["a", "b", "d"], ["a", "c"]}',
  );
  check('graph.reachable_paths({"a": ["b"], "b": ["a"]}, ["a"])', '{["a", "b"]}');
  check('graph.reachable_paths({"a": ["a"]}, ["a"])', '{["a", "a"]}');
  check('graph.reachable_paths({"a": ["z"]}, ["a"])', '{["a"]}');
  check('graph.reachable_paths({"a": []}, {"a", "b"})', '{["a"]}');
  check("graph.reachable_paths({}, [])", "set()");
  check("graph.reachable_paths(1, [])", "eval_type_error: operand 1 must be object but got number");
  check("graph.reachable_paths({}, 1)", "eval_type_error: operand 2 must be {array, set} but got number");
});

test("a node that an earlier branch passed ends a path, as OPA's suite has it", () => {
  check(
    'graph.reachable_paths({"a": ["b", "c"], "b": ["d"], "c": ["b", "e"], "d": [""], "e": []}, ["a"])',
    '{["a", "b", "d"], ["a", "c", "b", "d"], ["a", "c", "e"]}',
  );
  check(
    'graph.reachable_paths({"a": ["b"], "b": ["c", "d"], "c": ["e"], "d": ["c"], "e": []}, ["a"])',
    '{["a", "b", "c", "e"], ["a", "b", "d"]}',
  );
});

test("a walk passes every value once, each after what holds it", () => {
  check(
    'walk({"a": [1, {"b": null}], "s": {2}})',
    '[[[], {"a": [1, {"b": null}], "s": {2}}], [["a"], [1, {"b": null}]], [["a", 0], 1], ' +
      '[["a", 1], {"b": null}], [["a", 1, "b"], null], [["s"], {2}], [["s", 2], 2]]',
  );
  check("walk(1)", "[[[], 1]]");
});
