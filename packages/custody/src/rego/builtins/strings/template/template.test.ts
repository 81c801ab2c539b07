import assert from "node:assert/strict";
import { test } from "node:test";

import { readJson } from "../../../values/index.ts";
import type { RegoValue } from "../../../values/index.ts";
import { termChecker } from "../../terms.testing.ts";
import type { BuiltinContext } from "../../builtin.ts";
import { renderTemplate } from "./index.ts";

const context: BuiltinContext = { host: {}, memo: new Map(), spend: () => undefined };

const data = readJson(`{
  "n": 5, "f": 1.50, "z": 0, "s": "héy", "t": true, "nul": null, "l": ["a", "b", "c"], "m": {"b": 2, "a": "x"},
  "e": [], "objs": [{"k": "v", "n": null}]
}`);

function check(template: string, expected: RegoValue): void {
  assert.equal(renderTemplate.evaluate(context, template, data), expected, template);
}

function refuse(template: string, message: string): void {
  assert.throws(() => renderTemplate.evaluate(context, template, data), {
    name: "BuiltinError",
    code: "eval_builtin_error",
    message,
  });
}

test("templates print, choose, repeat and call", () => {
  check("{{.n}} {{.f}} {{.z}}", "5 1.50 0");
  check(
    '{{printf "%d" .n}}|{{printf "%v" .n}}|{{printf "%s" .n}}|{{printf "%q" .n}}|{{printf "%T" .n}}',
    '%!d(json.Number=5)|5|5|"5"|json.Number',
  );
  check('{{eq .n "5"}}', "true");
  check("{{len .n}}", "1");
  check("{{if .z}}t{{else}}f{{end}}", "t");
  check("{{range $i, $e := .l}}{{$i}}={{$e}};{{end}}", "0=a;1=b;2=c;");
  check("{{range $k, $v := .m}}{{$k}}={{$v}};{{end}}", "a=x;b=2;");
  check("{{range .e}}x{{else}}empty{{end}}", "empty");
  check("{{with .m}}{{.a}}{{end}}", "x");
  check(
    "{{.m}} {{.l}} {{.s}} {{.t}} {{.nul}} {{.set}}",
    "map[a:x b:2] [a b c] héy true <undefined> <undefined>",
  );
  check("{{.missing}} {{.missing.deeper}}", "<undefined> <undefined>");
  check('{{index .l 1}} {{index .m "a"}}', "b x");
  check('{{index .m "zz"}}', "<undefined>");
  check("{{slice .s 1 3}}", "é");
  check("{{len .l}} {{len .m}} {{len .s}}", "3 2 4");
  check('{{and 1 0}} {{or 0 "x"}} {{not true}}', "0 x false");
  check("{{lt 1 2}} {{le 2 2}} {{gt 1 2}} {{ge 1.5 2.5}} {{ne 1 2}}", "true true false false true");
  check('{{eq 1 1 2}} {{eq .s "héy"}}', "true true");
  check(
    '{{html "<a&\'\\">"}} {{js "it\'s <b>\\n"}} {{urlquery "a b&c"}}',
    "&lt;a&amp;&#39;&#34;&gt; it\\'s \\u003Cb\\u003E\\u000A a+b%26c",
  );
  check('{{print 1 2 "a" "b" 3}} {{println "x" 1}}', "1 2ab3 x 1\n");
  check('{{"quoted" | printf "%s-%s" "x"}}', "x-quoted");
  check("{{$x := 5}}{{$x}}{{$x = 6}}{{$x}}", "56");
  check('{{- " trimmed " -}}  x', " trimmed x");
  check("a  {{- .n -}}  b", "a5b");
  check("{{/* comment */}}x", "x");
  check('{{define "T"}}hi {{.}}{{end}}{{template "T" .s}}', "hi héy");
  check('{{block "B" .n}}blk {{.}}{{end}}', "blk 5");
  check('{{range .l}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}}', "a");
  check('{{range .l}}{{if eq . "b"}}{{continue}}{{end}}{{.}}{{end}}', "ac");
  check("{{if .missing}}a{{else if .t}}b{{else}}c{{end}}", "b");
  check("{{with .missing}}a{{else with .s}}{{.}}{{end}}", "héy");
  check("{{(index .l 0)}} {{(index .objs 0).k}}", "a v");
  check("{{1.5}} {{1e3}} {{0x10}} {{'a'}} {{1_000}} {{-3}}", "1.5 1000 16 97 1000 -3");
  check('{{`raw`}} {{"\\u00e9\\n"}}', "raw é\n");
  check("{{range 3}}{{.}}{{end}}", "012");
  check("{{range $i := 3}}{{$i}}{{end}}", "012");
  check(
    "{{.}}",
    "map[e:[] f:1.50 l:[a b c] m:map[a:x b:2] n:5 nul:<nil> objs:[map[k:v n:<nil>]] s:héy t:true z:0]",
  );
  check(
    "{{$}}",
    "map[e:[] f:1.50 l:[a b c] m:map[a:x b:2] n:5 nul:<nil> objs:[map[k:v n:<nil>]] s:héy t:true z:0]",
  );
  check("{{$.n}}", "5");
  check('{{.n | len | printf "%d"}}', "1");
  check('{{printf "%v %v %v" .m .l .nul}}', "map[a:x b:2] [a b c] <nil>");
  check('{{printf "%d %s" 5 "x"}} {{printf "%5.2f" 3.14159}} {{printf "%t" true}}', "5 x  3.14 true");
  check('{{and .t .s}} {{or .missing "dflt"}} {{not .z}}', "héy dflt false");
  check("{{slice .l 1}} {{slice .l 1 2}}", "[b c] [b]");
  check("{{range .nul}}x{{else}}n{{end}}", "n");
  check("{{if $v := .s}}{{$v}}{{end}}", "héy");
  check("{{with $v := .m}}{{$v.a}}{{end}}", "x");
  check("{{.objs}}", "[map[k:v n:<nil>]]");
  check('{{index .objs 0 "k"}}', "v");
  check("{{eq .nul nil}}", "true");
  check("{{eq .t true}} {{ne .t false}}", "true true");
  check("{{print .nul}} {{print .missing}} {{print nil}}", "<nil> <nil> <nil>");
  check("{{print .m .l}}", "map[a:x b:2] [a b c]");
  check("{{html .n}} {{html .l}} {{urlquery .s}} {{js .n}}", "5 [a b c] h%C3%A9y 5");
  check("{{.m.a}}{{/* c */ -}}   z", "xz");
  check('}} {{"{{"}}', "}} {{");
  check('{{template "T"}}{{define "T"}}[{{.}}]{{end}}', "[<undefined>]");
  check(
    '{{printf "%v" 3}} {{printf "%x" "hi"}} {{printf "%q" .s}} {{printf "%6d|%-6d|" 42 42}}',
    '3 6869 "héy"     42|42    |',
  );
  check("{{.undefinedfunc.x | html}}", "&lt;no value&gt;");
  check("{{not .nul}} {{and .nul 1}} {{or .nul .s}}", "true <undefined> héy");
  check("{{$x := .l}}{{range $x}}{{.}}{{end}}{{len $x}}", "abc3");
  check("{{range $i, $c := .l}}{{if $i}}, {{end}}{{$c}}{{end}}", "a, b, c");
  check('{{if and .t (eq .s "héy")}}yes{{end}}', "yes");
  check("{{if not (or .z .missing)}}no{{else}}yes{{end}}", "yes");
  check("{{.A}}{{.m.zz}}{{.m.zz.yy}}", "<undefined><undefined><undefined>");
});

test("what does not parse is refused, with its line", () => {
  refuse("{{unknown 1}}", 'template: template:1: function "unknown" not defined');
  refuse("{{.n", "template: template:1: unclosed action");
  refuse("{{if}}x{{end}}", "template: template:1: missing value for if");
  refuse("{{if .n}}x", "template: template:1: unexpected EOF");
  refuse("{{end}}", "template: template:1: unexpected {{end}}");
  refuse("{{else}}", "template: template:1: unexpected {{else}}");
  refuse("{{range}}{{end}}", "template: template:1: missing value for range");
  refuse("{{$undefinedvar}}", 'template: template:1: undefined variable "$undefinedvar"');
  refuse('{{"unterminated}}', "template: template:1: unterminated quoted string");
  refuse("{{break}}", "template: template:1: {{break}} outside {{range}}");
  refuse(`{{ .n }}{{ "a" }}{{ 'x }}`, "template: template:1: unterminated character constant");
  refuse("{{range $a, $b, $c := .l}}{{end}}", "template: template:1: too many declarations in range");
  refuse("{{ /* bad */ }}", 'template: template:1: unexpected "/" in command');
  refuse("{{with $x := 3}}{{$x}}{{end}}{{$x}}", 'template: template:1: undefined variable "$x"');
});

test("what does not run is refused, with its place", () => {
  refuse(
    "{{eq .n 1}}",
    'template: template:1:2: executing "template" at <eq .n 1>: error calling eq: incompatible types for comparison: json.Number and int',
  );
  refuse(
    "{{range .n}}x{{end}}",
    `template: template:1:8: executing "template" at <.n>: range can't iterate over 5`,
  );
  refuse(
    "{{.s.deeper}}",
    `template: template:1:4: executing "template" at <.s.deeper>: can't evaluate field deeper in type interface {}`,
  );
  refuse(
    "{{.nul.deeper}}",
    'template: template:1:6: executing "template" at <.nul.deeper>: nil pointer evaluating interface {}.deeper',
  );
  refuse(
    "{{index .l 9}}",
    'template: template:1:2: executing "template" at <index .l 9>: error calling index: index out of range: 9',
  );
  refuse("{{true}} {{nil}}", 'template: template:1:11: executing "template" at <nil>: nil is not a command');
  refuse(
    '{{template "nope"}}',
    'template: template:1:11: executing "template" at <{{template "nope"}}>: template "nope" not defined',
  );
  refuse(
    "{{len 3}}",
    'template: template:1:2: executing "template" at <len 3>: error calling len: len of type int',
  );
  refuse(
    '{{lt "a" 1}}',
    'template: template:1:2: executing "template" at <lt "a" 1>: error calling lt: incompatible types for comparison: string and int',
  );
  refuse(
    "{{lt .n 2}}",
    'template: template:1:2: executing "template" at <lt .n 2>: error calling lt: incompatible types for comparison: json.Number and int',
  );
  refuse(
    "{{eq .l .l}}",
    'template: template:1:2: executing "template" at <eq .l .l>: error calling eq: non-comparable type [a b c]: []interface {}',
  );
  refuse(
    "{{.m.a.b}}",
    `template: template:1:4: executing "template" at <.m.a.b>: can't evaluate field b in type interface {}`,
  );
  refuse(
    "{{index .l .n}}",
    'template: template:1:2: executing "template" at <index .l .n>: error calling index: cannot index slice/array with type json.Number',
  );
  refuse(
    '{{index .l "x"}}',
    'template: template:1:2: executing "template" at <index .l "x">: error calling index: cannot index slice/array with type string',
  );
  refuse(
    "{{3 | .n}}",
    'template: template:1:6: executing "template" at <.n>: n is not a method but has arguments',
  );
  refuse(
    "{{.n 3}}",
    'template: template:1:2: executing "template" at <.n>: n is not a method but has arguments',
  );
  refuse(
    "{{len}}",
    'template: template:1:2: executing "template" at <len>: wrong number of args for len: want 1 got 0',
  );
  refuse(
    "{{not}}",
    'template: template:1:2: executing "template" at <not>: wrong number of args for not: want 1 got 0',
  );
  refuse(
    "{{printf}}",
    'template: template:1:2: executing "template" at <printf>: wrong number of args for printf: want at least 1 got 0',
  );
  refuse(
    "{{len .nul}}",
    'template: template:1:2: executing "template" at <len .nul>: error calling len: len of nil pointer',
  );
  refuse(
    "{{index .nul 1}}",
    'template: template:1:2: executing "template" at <index .nul 1>: error calling index: index of untyped nil',
  );
  refuse(
    "{{range .s}}x{{end}}",
    `template: template:1:8: executing "template" at <.s>: range can't iterate over héy`,
  );
  refuse(
    "{{range .t}}x{{end}}",
    `template: template:1:8: executing "template" at <.t>: range can't iterate over true`,
  );
  refuse(
    '{{lt "a" "b"}} {{lt 1 1.5}}',
    'template: template:1:17: executing "template" at <lt 1 1.5>: error calling lt: incompatible types for comparison: int and float64',
  );
  refuse(
    "{{eq 1 1.0}}",
    'template: template:1:2: executing "template" at <eq 1 1.0>: error calling eq: incompatible types for comparison: int and float64',
  );
  refuse(
    '{{"a" "b"}}',
    `template: template:1:2: executing "template" at <"a">: can't give argument to non-function "a"`,
  );
  refuse(
    '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}',
    'template: template:1:25: executing "a" at <{{template "a"}}>: exceeded maximum template depth (100000)',
  );
});

test("only what JSON can carry reaches a template", () => {
  const checkTerms = termChecker([renderTemplate]);
  const invalid = "eval_builtin_error: invalid character";
  checkTerms(
    'strings.render_template("", {"a": {1}})',
    `${invalid} '1' looking for beginning of object key string`,
  );
  checkTerms('strings.render_template("", {"a": set()})', `${invalid} 's' looking for beginning of value`);
  checkTerms(
    'strings.render_template("", {1: 2})',
    `${invalid} '1' looking for beginning of object key string`,
  );
  checkTerms('strings.render_template("{{.__proto__}}{{.constructor}}", {})', '"<undefined><undefined>"');
  checkTerms("strings.render_template(1, {})", "eval_type_error: operand 1 must be string but got number");
  checkTerms('strings.render_template("", [])', "eval_type_error: operand 2 must be object but got array");
});

test("templates that would go too deep are refused", () => {
  refuse("{{if 1}}".repeat(300), "template: template:1: nested too deep");
  refuse(`{{${"(".repeat(300)}`, "template: template:1: unclosed action");
  refuse(`{{${"(".repeat(300)}1${")".repeat(300)}}}`, "template: template:1: nested too deep");
});
