import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { yamlBuiltins } from "./index.ts";

const check = checker(yamlBuiltins);

test("yaml.marshal writes what go-yaml writes", () => {
  check(
    'yaml.marshal({"a": [1, {"b": []}], "c": {}, "d": "x: y"})',
    "\"a:\\n- 1\\n- b: []\\nc: {}\\nd: 'x: y'\\n\"",
  );
  check(
    'yaml.marshal({"t": {"10": 1, "9": 2, "a1": 1, "a10": 2, "a2": 3, "A": 1, "_": 2}})',
    '"t:\\n  _: 2\\n  \\"9\\": 2\\n  \\"10\\": 1\\n  A: 1\\n  a1: 1\\n  a2: 3\\n  a10: 2\\n"',
  );
  check('yaml.marshal("str")', '"str\\n"');
  check("yaml.marshal([])", '"[]\\n"');
  check("yaml.marshal({})", '"{}\\n"');
  check("yaml.marshal(1)", '"1\\n"');
  check("yaml.marshal(true)", '"true\\n"');
  check("yaml.marshal(null)", '"null\\n"');
  check("yaml.marshal(12345678901234567890)", '"12345678901234567890\\n"');
  check(
    "yaml.marshal([1.0, 1e+21, 1e+20, 123456789.123, 1e-07, 9007199254740993, 100000, 1000000, 1234567, 0.5, -3])",
    '"- 1\\n- 1e+21\\n- 1e+20\\n- 1.23456789123e+08\\n- 1e-07\\n- 9007199254740993\\n- 100000\\n- 1000000\\n- 1234567\\n- 0.5\\n- -3\\n"',
  );
  check(
    'yaml.marshal({"x": "a\\nb\\n\\n", "y": ["a\\nb"], "z": " a\\nb"})',
    '"x: |+\\n  a\\n  b\\n\\n\\"y\\":\\n- |-\\n  a\\n  b\\nz: |2-\\n   a\\n  b\\n"',
  );
  check(
    'yaml.marshal(["a", ["b", ["c"]], {"d": ["e", {"f": 1, "g": 2}]}])',
    '"- a\\n- - b\\n  - - c\\n- d:\\n  - e\\n  - f: 1\\n    g: 2\\n"',
  );
  check('yaml.marshal({"v": "\\n"})', '"v: |2+\\n\\n"');
  check('yaml.marshal({"l": "line\\n"})', '"l: |\\n  line\\n"');
  check(
    'yaml.marshal("a long line a long line a long line a long line a long line a long line a long line a long line a long line a long line a long line a long line ")',
    "\"'a long line a long line a long line a long line a long line a long line a long line\\n  a long line a long line a long line a long line a long line '\\n\"",
  );
  check(
    'yaml.marshal({"k": "a long line a long line a long line a long line a long line a long line a long line a long line a long line a long line a long line a long line "})',
    "\"k: 'a long line a long line a long line a long line a long line a long line a long\\n  line a long line a long line a long line a long line a long line '\\n\"",
  );
  check(
    'yaml.marshal(["a long line a long line a long line a long line a long line a long line a long line a long line a long line a long line a long line a long line "])',
    "\"- 'a long line a long line a long line a long line a long line a long line a long\\n  line a long line a long line a long line a long line a long line '\\n\"",
  );
  check('yaml.marshal("tab\\t")', '"\\"tab\\\\t\\"\\n"');
  check('yaml.marshal("\\u00e9")', '"é\\n"');
  check('yaml.marshal("\\ud83d\\ude00")', '"\\"\\\\U0001F600\\"\\n"');
  check("yaml.marshal(\"'q'\")", "\"'''q'''\\n\"");
  check('yaml.marshal("\\"")', '"\'\\"\'\\n"');
  check('yaml.marshal("yes")', '"\\"yes\\"\\n"');
  check('yaml.marshal("n")', '"\\"n\\"\\n"');
  check('yaml.marshal("null")', '"\\"null\\"\\n"');
  check('yaml.marshal("~")', '"\\"~\\"\\n"');
  check('yaml.marshal("1")', '"\\"1\\"\\n"');
  check('yaml.marshal("1.5")', '"\\"1.5\\"\\n"');
  check('yaml.marshal("0x1f")', '"\\"0x1f\\"\\n"');
  check('yaml.marshal("010")', '"\\"010\\"\\n"');
  check('yaml.marshal("2020-01-01")', '"\\"2020-01-01\\"\\n"');
  check('yaml.marshal("1:30")', '"\\"1:30\\"\\n"');
  check('yaml.marshal("<<")', '"<<\\n"');
  check('yaml.marshal("- x")', "\"'- x'\\n\"");
  check('yaml.marshal("-x")', '"-x\\n"');
  check('yaml.marshal("?x")', '"?x\\n"');
  check('yaml.marshal("? x")', "\"'? x'\\n\"");
  check('yaml.marshal(":x")', '":x\\n"');
  check('yaml.marshal("a:")', "\"'a:'\\n\"");
  check('yaml.marshal("a: b")', "\"'a: b'\\n\"");
  check('yaml.marshal("a #b")', "\"'a #b'\\n\"");
  check('yaml.marshal("a#b")', '"a#b\\n"');
  check('yaml.marshal("#a")', "\"'#a'\\n\"");
  check('yaml.marshal("[a")', "\"'[a'\\n\"");
  check('yaml.marshal("a]")', '"a]\\n"');
  check('yaml.marshal("{a")', "\"'{a'\\n\"");
  check('yaml.marshal(",a")', "\"',a'\\n\"");
  check('yaml.marshal("a,b")', '"a,b\\n"');
  check('yaml.marshal("&a")', "\"'&a'\\n\"");
  check('yaml.marshal("*a")', "\"'*a'\\n\"");
  check('yaml.marshal("!a")', "\"'!a'\\n\"");
  check('yaml.marshal("|a")', "\"'|a'\\n\"");
  check('yaml.marshal(">a")', "\"'>a'\\n\"");
  check('yaml.marshal("%a")', "\"'%a'\\n\"");
  check('yaml.marshal("@a")', "\"'@a'\\n\"");
  check('yaml.marshal("`a")', "\"'`a'\\n\"");
  check('yaml.marshal(" a")', "\"' a'\\n\"");
  check('yaml.marshal("a ")', "\"'a '\\n\"");
  check('yaml.marshal("")', '"\\"\\"\\n"');
  check('yaml.marshal("---")', "\"'---'\\n\"");
  check('yaml.marshal("-")', "\"'-'\\n\"");
  check('yaml.marshal("a\\r\\nb")', '"\\"a\\\\r\\\\nb\\"\\n"');
  check('yaml.marshal({"": 1})', '"\\"\\": 1\\n"');
  check('yaml.marshal({"yes": 1})', '"\\"yes\\": 1\\n"');
  check('yaml.marshal({"a b": {"c d": [[]]}})', '"a b:\\n  c d:\\n  - []\\n"');
  check("yaml.marshal([[1, 2], [[]]])", '"- - 1\\n  - 2\\n- - []\\n"');
  check(
    'yaml.marshal([{"a": {"b": {"c": 1}}}, {"a": [1]}])',
    '"- a:\\n    b:\\n      c: 1\\n- a:\\n  - 1\\n"',
  );
  check(
    'yaml.marshal({"a": {"b": [{"c": 1, "d": {"e": 2}}]}})',
    '"a:\\n  b:\\n  - c: 1\\n    d:\\n      e: 2\\n"',
  );
});

test("yaml.unmarshal reads YAML 1.1 as go-yaml does", () => {
  check(
    'yaml.unmarshal("a: 0o7\\nb: 0x1f\\nc: 010\\nd: 1_000\\ne: 1.5e3")',
    '{"a":7,"b":31,"c":8,"d":1000,"e":1500}',
  );
  check(
    'yaml.unmarshal("f: yes\\ng: ~\\nh: 2020-01-01\\ni: 2020-01-01T00:00:00Z\\nj: !!str 1\\nk: 0b11")',
    '{"f":true,"g":null,"h":"2020-01-01","i":"2020-01-01T00:00:00Z","j":"1","k":3}',
  );
  check(
    'yaml.unmarshal("l: 12345678901234567890123\\nm: 1e400\\n1: x\\n1.5: y\\ntrue: z")',
    '{"1":"x","1.5":true,"l":1.2345678901234568e+22,"m":"1e400","true":"z"}',
  );
  check(
    "yaml.unmarshal(\"n: !!binary aGk=\\no: 9007199254740993\\np: 1.10\\nq: 1:30\\nr: 1e3\\ns: '1'\\nt: .5\\nu: 5.\\nv: +1\\nw: -0\\nx: y\")",
    '{"false":"hi","o":9007199254740993,"p":1.1,"q":"1:30","r":1000,"s":"1","t":0.5,"u":5,"v":1,"w":0,"x":true}',
  );
  check(
    'yaml.unmarshal("a: &x {b: 1}\\nc: *x\\nd:\\n  <<: *x\\n  e: 2")',
    '{"a":{"b":1},"c":{"b":1},"d":{"b":1,"e":2}}',
  );
  check('yaml.unmarshal("a: 1\\na: 2")', '{"a":2}');
  check('yaml.unmarshal("a: 1\\n---\\nb: 2")', '{"a":1}');
  check('yaml.unmarshal("")', "null");
  check('yaml.unmarshal("[1,2")', "eval_builtin_error: yaml: line 1: did not find expected ',' or ']'");
  check('yaml.unmarshal("[1,2,3")', "eval_builtin_error: yaml: line 1: did not find expected ',' or ']'");
  check(
    'yaml.unmarshal("a: b: c")',
    "eval_builtin_error: yaml: mapping values are not allowed in this context",
  );
  check('yaml.unmarshal("\\ta: 1")', "eval_builtin_error: yaml: found character that cannot start any token");
  check('yaml.unmarshal("a: *x")', "eval_builtin_error: yaml: unknown anchor 'x' referenced");
  check('yaml.unmarshal("{a: 1")', "eval_builtin_error: yaml: line 1: did not find expected ',' or '}'");
  check('yaml.unmarshal("a: |\\n  x\\n  y\\nb: >-\\n  x\\n  y")', '{"a":"x\\ny\\n","b":"x y"}');
  check('yaml.unmarshal("@a")', "eval_builtin_error: yaml: found character that cannot start any token");
  check('yaml.unmarshal("a: \'x")', "eval_builtin_error: yaml: found unexpected end of stream");
  check('yaml.unmarshal("- a\\n- b\\n- {c: [d]}")', '["a","b",{"c":["d"]}]');
  check('yaml.unmarshal("foo:\\n   - qux: bar\\n   - baz: 2")', '{"foo":[{"qux":"bar"},{"baz":2}]}');
  check('yaml.unmarshal("{\\"json\\": \\"ok\\"}")', '{"json":"ok"}');
  check('yaml.unmarshal("# c\\na: b # d")', '{"a":"b"}');
  check('yaml.unmarshal("a: .inf")', "eval_builtin_error: json: unsupported value: +Inf");
  check('yaml.unmarshal("\\"a\\\\u00e9\\"")', '"aé"');
  check('yaml.unmarshal("a:\\n- b\\n- c")', '{"a":["b","c"]}');
  check('yaml.unmarshal("--- x")', '"x"');
  check('yaml.unmarshal("null")', "null");
  check("yaml.unmarshal(\"a: ~\\nb:\\nc: ''\")", '{"a":null,"b":null,"c":""}');
  check('yaml.unmarshal("18446744073709551615")', "18446744073709551615");
  check('yaml.unmarshal("18446744073709551616")', "18446744073709552000");
  check('yaml.unmarshal("1e3")', "1000");
  check('yaml.unmarshal("%YAML 1.1\\n---\\na: on")', '{"a":true}');
  check('yaml.unmarshal("__proto__: 1")', '{"__proto__":1}');
  check('yaml.unmarshal("a: <<")', '{"a":"<<"}');
  check('yaml.unmarshal("a: 1e-7")', '{"a":1e-7}');
  check("yaml.unmarshal(1)", "eval_type_error: operand 1 must be string but got number");
});

test("a quoted text may go on further left than YAML 1.2 allows, as in go-yaml", () => {
  check(`yaml.unmarshal("a:\\n  b: \\"one\\n  two\\"\\n  c: 1")`, '{"a":{"b":"one two","c":1}}');
  check(
    `yaml.unmarshal("a:\\n  b: 'it''s\\n  two\\n\\n  three'\\n  c: 'x\\n  y'")`,
    '{"a":{"b":"it\'s two\\nthree","c":"x y"}}',
  );
  check(`yaml.is_valid("a: \\"one\\n---\\ntwo\\"")`, "false");
  check(`yaml.is_valid("a:\\n  b: \\"one\\n  two\\n")`, "false");
});

test("yaml.is_valid is false for what cannot be read", () => {
  check('yaml.is_valid("a: 0o7\\nb: 0x1f\\nc: 010\\nd: 1_000\\ne: 1.5e3")', "true");
  check(
    'yaml.is_valid("f: yes\\ng: ~\\nh: 2020-01-01\\ni: 2020-01-01T00:00:00Z\\nj: !!str 1\\nk: 0b11")',
    "true",
  );
  check('yaml.is_valid("l: 12345678901234567890123\\nm: 1e400\\n1: x\\n1.5: y\\ntrue: z")', "true");
  check(
    "yaml.is_valid(\"n: !!binary aGk=\\no: 9007199254740993\\np: 1.10\\nq: 1:30\\nr: 1e3\\ns: '1'\\nt: .5\\nu: 5.\\nv: +1\\nw: -0\\nx: y\")",
    "true",
  );
  check('yaml.is_valid("a: &x {b: 1}\\nc: *x\\nd:\\n  <<: *x\\n  e: 2")', "true");
  check('yaml.is_valid("a: 1\\na: 2")', "true");
  check('yaml.is_valid("a: 1\\n---\\nb: 2")', "true");
  check('yaml.is_valid("")', "true");
  check('yaml.is_valid("[1,2")', "false");
  check('yaml.is_valid("[1,2,3")', "false");
  check('yaml.is_valid("a: b: c")', "false");
  check('yaml.is_valid("\\ta: 1")', "false");
  check('yaml.is_valid("a: *x")', "false");
  check('yaml.is_valid("{a: 1")', "false");
  check('yaml.is_valid("a: |\\n  x\\n  y\\nb: >-\\n  x\\n  y")', "true");
  check('yaml.is_valid("@a")', "false");
  check('yaml.is_valid("a: \'x")', "false");
  check('yaml.is_valid("- a\\n- b\\n- {c: [d]}")', "true");
  check('yaml.is_valid("foo:\\n   - qux: bar\\n   - baz: 2")', "true");
  check('yaml.is_valid("{\\"json\\": \\"ok\\"}")', "true");
  check('yaml.is_valid("# c\\na: b # d")', "true");
  check('yaml.is_valid("a: .inf")', "false");
  check('yaml.is_valid("\\"a\\\\u00e9\\"")', "true");
  check('yaml.is_valid("a:\\n- b\\n- c")', "true");
  check('yaml.is_valid("--- x")', "true");
  check('yaml.is_valid("null")', "true");
  check("yaml.is_valid(\"a: ~\\nb:\\nc: ''\")", "true");
  check('yaml.is_valid("18446744073709551615")', "true");
  check('yaml.is_valid("18446744073709551616")', "true");
  check('yaml.is_valid("1e3")', "true");
  check('yaml.is_valid("%YAML 1.1\\n---\\na: on")', "true");
  check('yaml.is_valid("__proto__: 1")', "true");
  check('yaml.is_valid("a: <<")', "true");
  check('yaml.is_valid("a: 1e-7")', "true");
  check("yaml.is_valid(1)", "false");
});

test("control characters are no YAML", () => {
  check('yaml.unmarshal("\\u0000")', "eval_builtin_error: yaml: control characters are not allowed");
  check('yaml.is_valid("a: \\u0007")', "false");
  check('yaml.is_valid("a:\\t1\\r\\n")', "true");
});
