import { describe, test } from "node:test";

import { check, refusal, serve } from "./rego.testing.ts";

const policy = `package p
x := input.a
y := 1/0
z if input.k == 1
s contains v if some v in input.list
c := 1
c := 2 if input.conflict
`;
const slow = `package slow
p if { some i in numbers.range(1, 100000); some j in numbers.range(1, 100000); i + j < 0 }
`;
const absent = refusal(404, "resource_not_found", "storage_not_found_error: document does not exist");
const bad = (message: string): string => refusal(400, "invalid_parameter", message);

describe("decisions", async () => {
  const server = await serve({ modules: [policy, slow], data: '{"a":{"l":[{"n":1.50}]}}' });
  const rows = (title: string, ...pairs: readonly (readonly [string, string | RegExp])[]): void =>
    void test(title, async () => {
      for (const [request, expected] of pairs) await check(server, request, expected);
    });

  rows(
    "are answered with their document, or with nothing",
    ['POST /v1/data/p {"input":{"a":1,"list":[3,1]}}', '200 {"result":{"c":1,"s":[1,3],"x":1}}'],
    ["GET /v1/data/p/x?input=%7B%22a%22:5%7D", '200 {"result":5}'],
    ["GET /v1/data/a/l/0/n", '200 {"result":1.50}'],
    ["GET /v1/data//a//l/", '200 {"result":[{"n":1.50}]}'],
    ["GET /v1/data/none", "200 {}"],
    ["GET /v1/data/a/l?pretty", '200 {\n  "result": [\n    {\n      "n": 1.50\n    }\n  ]\n}'],
  );
  const warning = '"warning":{"code":"api_usage_warning","message":"\'input\' key missing from the request"}';
  rows(
    "without input are made, and warned about",
    ["POST /v1/data/p/x {}", `200 {${warning}}`],
    ["POST /v1/data/p/x", `200 {${warning}}`],
    ["POST /v1/data/p/c", `200 {"result":1,${warning}}`],
  );
  rows(
    "are not made of what is no JSON",
    ["POST /v1/data/p/x {", bad("body contains malformed input document: unexpected EOF")],
    [
      "POST /v1/data/p/x [1]",
      bad(
        "body contains malformed input document: json: cannot unmarshal array into Go value of type types.alias",
      ),
    ],
    ["GET /v1/data/p/x?input=", bad("parameter contains malformed input document: EOF")],
    ["GET /v1/data/%zz", bad("'/v1/data/%zz' is not a valid url component")],
    ["GET /v1/data/p%22", /^500 .*invalid ref term 'p\\"'/s],
  );
  rows(
    "that fail are no decisions",
    ["GET /v1/data/p/y", "200 {}"],
    [
      "GET /v1/data/p/y?strict-builtin-errors",
      /^500 \{\n {2}"code": "internal_error",\n {2}"message": "error\(s\) occurred while evaluating query",\n {2}"errors": \[\n {4}\{\n {6}"code": "eval_builtin_error",\n {6}"message": "div: divide by zero"/,
    ],
    ['POST /v1/data/p/c {"input":{"conflict":true}}', /^500 .*eval_conflict_error/s],
    ["GET /v1/data/slow/p", /^500 .*eval_limit_error/s],
    [`POST /v1/data/p ${" ".repeat(200_000)}`, refusal(413, "invalid_parameter", "request body too large")],
  );
  rows(
    "tell more where they are asked to",
    [
      "GET /v1/data/p/c?metrics",
      /^200 \{"metrics":\{"counter_server_query_cache_hit":1,"timer_rego_input_parse_ns":0,"timer_rego_query_eval_ns":0,"timer_server_handler_ns":0\},"result":1\}$/,
    ],
    [
      "GET /v1/data/p/c?provenance",
      '200 {"provenance":{"version":"1.19.0","build_commit":"","build_timestamp":"","build_hostname":""},"result":1}',
    ],
    [
      'POST /v1/data/p/z?explain=decisions {"input":{"k":1}}',
      /^200 \{"explanation":\["data.p.z is true".*"result":true\}$/,
    ],
    ['POST /v1/data/p/z?explain=notes {"input":{"k":1}}', '200 {"explanation":[],"result":true}'],
    ['POST /v1/data/p/z?explain=none {"input":{"k":1}}', '200 {"result":true}'],
    [
      'POST /v1/data/p/z?explain=full {"input":{"k":1}}',
      /^200 \{"explanation":\[\{"op":"enter","query_id":0,"parent_id":0,"type":"body","node":\[.*"op":"redo".*"result":true\}$/,
    ],
    [
      "GET /v1/data/p/none?explain=fails&pretty",
      /"explanation": \[\n    "query:1 +Enter data\.p\.none = _",\n.*\| Fail data/,
    ],
    [
      "GET /v1/query?q=x%3D1%3B%20x%3D2&explain=fails&pretty",
      /"explanation": \[\n    "query:1 +Enter x = 1; x = 2",\n    "query:1 +\| Fail x = 2"/,
    ],
  );
  rows(
    "of v0 are the document alone",
    ['POST /v0/data/p/x {"a":3}', "200 3"],
    ["POST /v0/data/p/x", refusal(404, "undefined_document", "document undefined: data.p.x")],
    ["POST /v0/data/p/a%20b/0", refusal(404, "undefined_document", 'document missing: data.p["a b"][0]')],
    ["POST / {}", refusal(404, "undefined_document", "document missing: data.system.main")],
  );
  test("take YAML and packed bodies", async () => {
    await check(server, "POST /v1/data/p/x input: {a: 1}", '200 {"result":1}', {
      "content-type": "application/yaml",
    });
    await check(server, "POST /v1/data/p/x {}", /^400 .*could not decompress/s, {
      "content-encoding": "gzip",
    });
  });
});

describe("documents", () => {
  test("are put, patched and deleted", async () => {
    const server = await serve();
    const rows = [
      ['PUT /v1/data/a/b {"x":1.50}', "204"],
      ["PUT /v1/data/a/b [1,2", bad("unexpected EOF")],
      ["PUT /v1/data/a/b/x/y 1", refusal(404, "resource_conflict", "storage_write_conflict_error: /a/b/x")],
      ["PUT /v1/data 3", bad("storage_invalid_patch_error: root must be object")],
      ["PUT /v1/data/x%2Fy/z 3", "204"],
      ["GET /v1/data", '200 {"result":{"a":{"b":{"x":1.50}},"x/y":{"z":3}}}'],
      [
        'PATCH /v1/data/a [{"op":"replace","path":"b/x","value":7},{"op":"add","path":"/c","value":[]}]',
        "204",
      ],
      ['PATCH /v1/data/a [{"op":"add","path":"/c/-","value":1},{"op":"remove","path":"/zz"}]', absent],
      ['PATCH /v1/data/a [{"op":"move","path":"/c"}]', bad("bad patch operation: move")],
      [
        'PATCH /v1/data/a {"op":1}',
        bad("json: cannot unmarshal object into Go value of type []types.PatchV1"),
      ],
      ["PATCH /v1/data/a [true]", bad("json: cannot unmarshal bool into Go value of type types.PatchV1")],
      ["GET /v1/data/a", '200 {"result":{"b":{"x":7},"c":[]}}'],
      ["DELETE /v1/data/a/none", absent],
      ["DELETE /v1/data/a", "204"],
      ["DELETE /v1/data", "405"],
      [
        "PUT /v1/data/m?metrics 1",
        '200 {"metrics":{"timer_rego_input_parse_ns":0,"timer_server_handler_ns":0}}',
      ],
    ] as const;
    for (const [request, expected] of rows) await check(server, request, expected);
    await check(server, "PUT /v1/data/m 2", "304", { "if-none-match": "*" });
    await check(server, "GET /v1/data/m", '200 {"result":1}');
  });

  test("are not put deeper than they could be shown", async () => {
    const server = await serve({ modules: ["package p\nx := input"] });
    const nested = (depth: number): string => `${"[".repeat(depth)}"[[\\"["${"]".repeat(depth)}`;
    await check(server, `PUT /v1/data/a ${nested(1000)}`, "204");
    await check(server, "GET /v1/data", /^200 \{"result":\{"a":\[\[/);
    await check(server, `PUT /v1/data/a ${nested(1001)}`, bad("exceeded max depth"));
    const during = "body contains malformed input document: ";
    await check(server, `POST /v1/data/p {"input":${nested(1000)}}`, bad(`${during}exceeded max depth`));
    await check(server, `PUT /v1/data/${"a/".repeat(1001)} 1`, /^400 .*bad path/s);
    await check(
      server,
      `POST /v0/data/p/x {"__proto__":{"a":1},"constructor":2}`,
      '200 {"__proto__":{"a":1},"constructor":2}',
    );
  });

  test("are not put where rules stand", async () => {
    const server = await serve({ modules: ["package p\nx := 1"] });
    const said = bad("1 error occurred: m0:2: rego_compile_error: conflicting rule for data path p/x found");
    await check(server, "PUT /v1/data/p/x 1", said);
    await check(server, "PUT /v1/data/p/y 1", "204");
  });
});

describe("policies", () => {
  test("are put, shown and deleted", async () => {
    const server = await serve();
    const rows = [
      ["PUT /v1/policies/a/b.rego package ab\nx := 1", "200 {}"],
      ["GET /v1/data/ab", '200 {"result":{"x":1}}'],
      [
        "GET /v1/policies/a/b.rego",
        /^200 \{"result":\{"id":"a\/b.rego","raw":"package ab\\nx := 1","ast":\{"package":/,
      ],
      ["GET /v1/policies", /^200 \{"result":\[\{"id":"a\/b.rego"/],
      ["PUT /v1/policies/bad", bad("bad:0: rego_parse_error: empty module")],
      [
        "PUT /v1/policies/bad package bad\nz := data.q.f(1)",
        /^400 \{\n {2}"code": "invalid_parameter",\n {2}"message": "error\(s\) occurred while compiling module\(s\)",\n {2}"errors": \[\n {4}\{\n {6}"code": "rego_type_error",\n {6}"message": "undefined function data.q.f"/,
      ],
      ["PUT /v1/policies/f package f\nf(x) := x", "200 {}"],
      ["PUT /v1/policies/g package g\nr := data.f.f(1)", "200 {}"],
      ["DELETE /v1/policies/f", /^400 .*invalid_operation.*undefined function data.f.f/s],
      [
        "DELETE /v1/policies/none",
        refusal(404, "resource_not_found", 'storage_not_found_error: policy id "none"'),
      ],
      ["DELETE /v1/policies/a/b.rego?metrics", '200 {"metrics":{"timer_rego_module_compile_ns":0}}'],
      ["GET /v1/data/ab", "200 {}"],
      ["POST /v1/policies/f package f", "405"],
      ["PUT /v1/policies/ package f", "405"],
      ["GET /v1/policies/", /^200 \{"result":\[\{"id":"f"/],
      ['PUT /v1/policies/s package system\nmain := {"got": input}', "200 {}"],
      ['POST / {"a":1}', '200 {"got":{"a":1}}'],
    ] as const;
    for (const [request, expected] of rows) await check(server, request, expected);
  });
});

describe("queries", () => {
  test("are answered with their bindings", async () => {
    const server = await serve({ modules: [policy, slow] });
    const rows = [
      ["GET /v1/query?q=x=1%3By=[x]", '200 {"result":[{"x":1,"y":[1]}]}'],
      ["GET /v1/query?q=1==2", '200 {"result":[{}]}'],
      ["GET /v1/query?q=1>2", '200 {"result":[{}]}'],
      ["GET /v1/query?q=1/0", "200 {}"],
      ["GET /v1/query", bad("missing parameter 'q'")],
      ["GET /v1/query?q=x%3D", /^400 .*error\(s\) occurred while parsing query/s],
      ["GET /v1/query?q=y", /^400 .*error\(s\) occurred while compiling query.*var y is unsafe/s],
      ["GET /v1/query?q=http.send({})", /^400 .*unsafe built-in function calls in expression: http\.send/s],
      ["GET /v1/query?q=data.slow.p", /^500 .*eval_limit_error/s],
      ['POST /v1/query {"query":"data.p.x = y","input":{"a":4}}', '200 {"result":[{"y":4}]}'],
      ["POST /v1/query {", bad("error(s) occurred while decoding request: unexpected EOF")],
      [
        "POST /v1/query []",
        bad(
          "error(s) occurred while decoding request: json: cannot unmarshal array into Go value of type types.QueryRequestV1",
        ),
      ],
      [
        'POST /v1/query {"query":1}',
        /cannot unmarshal number into Go struct field QueryRequestV1.query of type string/,
      ],
      ["POST /v1/query {}", refusal(500, "internal_error", "cannot evaluate empty query")],
    ] as const;
    for (const [request, expected] of rows) await check(server, request, expected);
  });
});

describe("the server", () => {
  test("says how it is", async () => {
    const health = "package system.health\nlive := true\nodd := 1";
    const server = await serve({ modules: [health] });
    const rows = [
      ["GET /health", "200 {}"],
      ["GET /health?bundles&plugins", "200 {}"],
      ["GET /health/live", "200 {}"],
      ["GET /health/none", '500 {"error":"health check (data.system.health.none) was undefined"}'],
      ["GET /health/odd", '500 {"error":"health check (data.system.health.odd) returned unexpected value"}'],
      ["GET /v1/config", /^200 \{"result":\{"default_authorization_decision":"\/system\/authz\/allow"/],
      ["GET /v1/status", /^200 \{"result":\{"labels":\{"id":".*","version":"1.19.0"\}\}\}$/],
      ["GET /nope", "404 404 page not found"],
      [
        "GET /metrics",
        /http_request_duration_seconds_bucket\{code="200",handler="health",method="get",le="1e-06"\} 0\n/,
      ],
    ] as const;
    for (const [request, expected] of rows) await check(server, request, expected);
  });
});

describe("authorization", () => {
  const authz = `package system.authz
default allow := {"allowed": false, "reason": "no"}
allow := {"allowed": true} if input.identity == "good"
allow := {"allowed": false, "reason": json.marshal(input)} if input.identity == "show"
allow := 3 if input.identity == "odd"
`;
  const as = (token: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` });
  const rejected = refusal(401, "unauthorized", "request rejected by administrative policy");

  test("is the policy's", async () => {
    const options = { authentication: "token", authorization: "basic" } as const;
    const server = await serve({ ...options, modules: [authz] });
    await check(server, "GET /health", "200 {}", as("good"));
    await check(server, "GET /health", refusal(401, "unauthorized", "no"));
    await check(server, "PUT /v1/policies/m0 package x", refusal(401, "unauthorized", "no"), as("bad"));
    await check(server, "GET /nope", rejected, as("odd"));
    await check(
      server,
      'POST /v1/data/p?a=1&a=2&b {"input":{"k":1}}',
      /"message": "\{\\"body\\":\{\\"input\\":\{\\"k\\":1\}\},\\"headers\\":\{.*\\"Authorization\\":\[\\"Bearer show\\"\].*\},\\"identity\\":\\"show\\",\\"method\\":\\"POST\\",\\"params\\":\{\\"a\\":\[\\"1\\",\\"2\\"\],\\"b\\":\[\\"\\"\]\},\\"path\\":\[\\"v1\\",\\"data\\",\\"p\\"\]\}"/,
      as("show"),
    );
  });

  test("sees one path however it is written", async () => {
    const module = 'package system.authz\nallow if input.path == ["v1", "data", "x", "y"]';
    const server = await serve({ authorization: "basic", modules: [module] });
    await check(server, "GET /v1/data/x%2Fy", "200 {}");
    await check(server, "GET /v1/data//x///y?pretty", "200 {}");
    await check(server, "GET /v1/data/x/z", /^500/);
  });

  test("without a policy lets nobody in", async () => {
    const server = await serve({ authentication: "token", authorization: "basic" });
    const said = refusal(500, "internal_error", "authorization policy missing or undefined");
    await check(server, "GET /health", said, as("good"));
  });

  test("by tokens lets in who has one", async () => {
    const server = await serve({ authentication: "token", tokens: ["good"] });
    await check(server, "GET /health", "200 {}", as("good"));
    const said = refusal(401, "unauthorized", "the request carries no valid token");
    await check(server, "GET /health", said, as("bad"));
    await check(server, "PUT /v1/data/a 1", said);
  });
});
