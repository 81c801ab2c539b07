import { test } from "node:test";

import { check, refusal, serve } from "./rego.testing.ts";

const policy = `package r
default p := 1
p := 2 if input.x
q if { some r in data.names; r == input.r }
h if http.send({"url": input.u})
`;

const server = await serve({ modules: [policy], data: '{"names":["a"]}' });

const rows = (title: string, ...pairs: readonly (readonly [string, string | RegExp])[]): void =>
  void test(title, async () => {
    for (const [request, expected] of pairs) await check(server, request, expected);
  });

const bad = (message: string): string => refusal(400, "invalid_parameter", message);
const undecoded = (message: string): string => bad(`error(s) occurred while decoding request: ${message}`);

rows(
  "what is left of a query is shown as syntax trees",
  [
    'POST /v1/compile {"query":"data.r.q"}',
    '200 {"result":{"queries":[[{"index":0,"terms":[{"type":"ref","value":[{"type":"var","value":"eq"}]},{"type":"string","value":"a"},{"type":"ref","value":[{"type":"var","value":"input"},{"type":"string","value":"r"}]}]}]]}}',
  ],
  ['POST /v1/compile {"query":"1=2"}', '200 {"result":{}}'],
  ['POST /v1/compile {"query":"true"}', '200 {"result":{"queries":[[]]}}'],
  ['POST /v1/compile?pretty {"query":"1=2"}', '200 {\n  "result": {}\n}'],
  [
    'POST /v1/compile {"query":"data.r.p"}',
    /^200 \{"result":\{"queries":.*"support":\[\{"package":.*"default":true/,
  ],
  [
    'POST /v1/compile?metrics {"query":"1=2"}',
    '200 {"result":{},"metrics":{"timer_rego_partial_eval_ns":0,"timer_rego_query_parse_ns":0,"timer_server_handler_ns":0}}',
  ],
);

rows(
  "what is unknown is for the request to say",
  [
    'POST /v1/compile {"query":"data.r.q","unknowns":[],"input":{"r":"a"}}',
    '200 {"result":{"queries":[[]]}}',
  ],
  ['POST /v1/compile {"query":"data.r.q","unknowns":["data.x"],"input":{"r":"b"}}', '200 {"result":{}}'],
  ['POST /v1/compile {"query":"data.r.q","unknowns":["data.names"],"input":{"r":"b"}}', /"b".*"names"/],
  ['POST /v1/compile {"query":"data.r.q","unknowns":null,"input":{"r":"b"}}', /"input"/],
  [
    'POST /v1/compile {"query":"data.r.q","options":{"disableInlining":["data.r.q"]}}',
    /^200 \{"result":\{"queries":\[\[\{"index":0,"terms":\{"type":"ref".*"partial"/,
  ],
);

rows(
  "what is no request is refused in OPA's words",
  ["POST /v1/compile", undecoded("EOF")],
  ["POST /v1/compile {}", bad("missing required 'query' value")],
  [
    "POST /v1/compile [1]",
    undecoded("json: cannot unmarshal array into Go value of type types.CompileRequestV1"),
  ],
  [
    'POST /v1/compile {"query":1}',
    undecoded("json: cannot unmarshal number into Go struct field CompileRequestV1.query of type string"),
  ],
  [
    'POST /v1/compile {"query":"x","unknowns":"x"}',
    undecoded(
      "json: cannot unmarshal string into Go struct field CompileRequestV1.unknowns of type []string",
    ),
  ],
  [
    'POST /v1/compile {"query":"x","unknowns":[1]}',
    undecoded("json: cannot unmarshal number into Go struct field CompileRequestV1.unknowns of type string"),
  ],
  [
    'POST /v1/compile {"query":"x","options":{"nondeterministicBuiltins":1}}',
    undecoded(
      "json: cannot unmarshal number into Go struct field .options.nondeterministicBuiltins of type bool",
    ),
  ],
  [
    'POST /v1/compile {"query":"x","options":1}',
    /cannot unmarshal number into Go struct field CompileRequestV1\.options/,
  ],
  ['POST /v1/compile {"query":"p["}', /^400 .*"error\(s\) occurred while parsing query".*rego_parse_error/s],
  ['POST /v1/compile {"query":"x"}', /^400 .*occurred while compiling module\(s\)".*var x is unsafe/s],
  [
    'POST /v1/compile {"query":"http.send({})"}',
    /^400 .*unsafe built-in function calls in expression: http.send/s,
  ],
  [
    'POST /v1/compile {"query":"true","unknowns":["foo["]}',
    /^400 .*occurred while parsing unknowns: failed to parse term/s,
  ],
  [
    'POST /v1/compile {"query":"true","unknowns":["1"]}',
    /^400 .*occurred while parsing unknowns: 1 is no document/s,
  ],
  ["GET /v1/compile", "405"],
);

rows("what takes too long has no answer", [
  'POST /v1/compile {"query":"numbers.range(1, 100000)[i] + numbers.range(1, 100000)[j] < 0"}',
  /^500 .*eval_limit_error/s,
]);
