import assert from "node:assert/strict";
import { test } from "node:test";

import { readJson, writeJson } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { HttpOutcome, HttpRequest } from "../builtin.ts";
import { checker } from "../calls.testing.ts";
import { httpBuiltins } from "./index.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function answer(body: string, type = "text/plain", status = 200): HttpOutcome {
  const headers = { "content-type": [type] };
  return { kind: "answer", status, statusText: `${status} OK`, headers, body: bytes(body) };
}

/** Sends a request with these fields besides `url` and `method`, and answers what the host was asked. */
function asked(fields: string): Omit<HttpRequest, "body"> & { readonly body: string } {
  const seen: HttpRequest[] = [];
  const check = checker(httpBuiltins, { send: (request) => (seen.push(request), answer("")) });
  check(
    `http.send({"url": "http://a.example/", "method": "get"${fields}})`,
    '{"body":null,"headers":{"content-type":["text/plain"]},"raw_body":"","status":"200 OK","status_code":200}',
  );
  const [request] = seen;
  assert.ok(request);
  return { ...request, body: new TextDecoder().decode(request.body) };
}

const plain = {
  method: "GET",
  url: "http://a.example/",
  headers: {},
  body: "",
  timeoutMilliseconds: 5_000,
  followRedirects: false,
  retries: 0,
};

test("the fields of a request reach the host", () => {
  for (const [fields, changes] of [
    ["", {}],
    [', "method": "post", "body": {"a": "<"}', { method: "POST", body: '{"a":"\\u003c"}' }],
    [', "body": 1, "raw_body": "\\"x\\""', { body: "x" }],
    [', "headers": {"content-type": "a", "x": "b"}', { headers: { "Content-Type": "a", X: "b" } }],
    [', "timeout": 2000000', { timeoutMilliseconds: 2 }],
    [', "timeout": "1000000"', { timeoutMilliseconds: 1 }],
    [', "timeout": "1.5s"', { timeoutMilliseconds: 1_500 }],
    [', "timeout": -1', { timeoutMilliseconds: 0 }],
    [', "enable_redirect": true', { followRedirects: true }],
    [', "enable_redirect": 1', { followRedirects: true }],
    [', "enable_redirect": 0', {}],
    [', "max_retry_attempts": 3', { retries: 3 }],
    [', "cache": true, "caching_mode": "deserialized"', {}],
    [', "url": "\\"http://b\\""', { url: "http://b" }],
  ] as const) {
    assert.deepEqual(asked(fields), { ...plain, ...changes }, fields);
  }
});

test("what a request says about TLS reaches the host", () => {
  const none = {
    insecure: false,
    serverName: undefined,
    useSystemAuthorities: false,
    authorities: [],
    clientPairs: [],
  };
  const text = (value: string): unknown => ({ kind: "text", value });
  for (const [fields, changes] of [
    [', "tls_insecure_skip_verify": true', { insecure: true }],
    [', "tls_use_system_certs": true', { useSystemAuthorities: true }],
    [', "tls_server_name": "b"', { serverName: "b" }],
    [', "tls_ca_cert": "a\\\\nb"', { authorities: [text("a\nb")] }],
    [
      ', "tls_ca_cert_file": "f", "tls_ca_cert_env_variable": "E"',
      {
        authorities: [
          { kind: "file", value: "f" },
          { kind: "variable", value: "E" },
        ],
      },
    ],
    [
      ', "tls_client_cert": "c", "tls_client_key": "k"',
      { clientPairs: [{ certificate: text("c"), key: text("k") }] },
    ],
  ] as const) {
    assert.deepEqual(asked(fields).tls, { ...none, ...changes }, fields);
  }
  assert.equal(asked(', "tls_client_cert": "c"').tls, undefined);
  assert.equal(asked(', "headers": {"host": "h"}').tls?.serverName, "h");
});

test("a request that is none is refused before anything is sent", () => {
  const check = checker(httpBuiltins, { send: () => assert.fail("nothing may be sent") });
  const request = (fields: string): string => `http.send({"url": "http://a", "method": "get", ${fields}})`;
  check("http.send(1)", "eval_type_error: operand 1 must be object but got number");
  check(
    'http.send({"url": "a", "x": 1, "y": 2})',
    'eval_type_error: operand 1 invalid request parameters(s): {"x", "y"}',
  );
  check(
    'http.send({"url": "a"})',
    'eval_type_error: operand 1 missing required request parameters(s): {"method"}',
  );
  for (const [fields, error] of [
    ['"method": 1', '"method" must be a string'],
    ['"tls_ca_cert": 1', '"tls_ca_cert" must be a string'],
    ['"method": "g t"', 'net/http: invalid method "G T"'],
    ['"url": "::bad"', 'parse "::bad": missing protocol scheme'],
    ['"url": "http://a b/"', 'parse "http://a b/": invalid character " " in host name'],
    ['"raise_error": 1', "invalid value for raise_error field"],
    ['"timeout": "x"', 'invalid timeout value "x": time: invalid duration "x"'],
    ['"timeout": 1.5', "invalid timeout number value 1.5, must be int64"],
    ['"headers": 1', "invalid type for headers key"],
    ['"headers": {"a": 1}', 'invalid type for headers value "1"'],
    ['"enable_redirect": "x"', 'strconv.ParseBool: parsing "\\"x\\"": invalid syntax'],
    ['"cache": 1', 'invalid value for "cache" field'],
    ['"cache": true, "force_json_decode": 1', 'invalid value for "force_json_decode" field'],
    ['"force_cache": true', "'force_cache' set but 'force_cache_duration_seconds' parameter is missing"],
    [
      '"force_cache": true, "force_cache_duration_seconds": "x"',
      'strconv.ParseInt: parsing "\\"x\\"": invalid syntax',
    ],
    [
      '"force_cache": true, "force_cache_duration_seconds": 2147483648',
      'strconv.ParseInt: parsing "2147483648": value out of range',
    ],
    ['"max_retry_attempts": -1', 'invalid value -1 for field "max_retry_attempts"'],
    ['"max_retry_attempts": "1"', 'invalid value "1" for field "max_retry_attempts"'],
    [
      '"cache_ignored_headers": 1, "headers": {}',
      "json: cannot unmarshal number into Go value of type []string",
    ],
  ] as const) {
    check(request(fields), `eval_builtin_error: ${error}`);
  }
  check(
    request('"timeout": true'),
    "eval_type_error: operand 1 'timeout' must be one of {string, number} but got boolean",
  );
});

function bodyOf(outcome: HttpOutcome, fields = ""): string {
  const [send] = httpBuiltins;
  const context = { host: { send: () => outcome }, memo: new Map(), spend: () => undefined };
  const request = readJson(`{"url": "http://a", "method": "get"${fields}}`);
  const response = send?.evaluate(context, request) as { body: never };
  return writeJson(response.body);
}

test("a body is decoded where its type or the request says so", () => {
  for (const [outcome, body, fields = ""] of [
    [answer('{"a": 1.0}', "application/json; charset=utf-8"), '{"a":1.0}'],
    [answer("[1]", "application/vnd.a+json"), "[1]"],
    [answer("{", "application/json"), "null"],
    [answer("[1]", "text/plain"), "null"],
    [answer("[1]", "text/plain"), "[1]", ', "force_json_decode": true'],
    [answer("a: [1, x]", "application/x-yaml"), '{"a":[1,"x"]}'],
    [answer("a: 1", "text/plain"), '{"a":1}', ', "force_yaml_decode": true'],
    [answer("a: [", "application/yaml"), "null"],
  ] as const) {
    assert.equal(bodyOf(outcome, fields), body);
  }
});

test("one request has one answer while an evaluation lasts, where the answer may be kept", () => {
  let count = 0;
  const outcomes: HttpOutcome[] = [];
  const host = { send: () => (count++, outcomes.shift() ?? answer(String(count))) };
  const context = { host, memo: new Map(), spend: () => undefined };
  const sent = (fields: string): string => {
    const request = readJson(`{"url": "http://a", "method": "get"${fields}}`);
    const value = httpBuiltins[0]?.evaluate(context, request) as { raw_body?: string };
    return value.raw_body ?? "failed";
  };
  assert.deepEqual([sent(""), sent("")], ["1", "1"]);
  const ignoring = ', "cache_ignored_headers": ["b"]';
  const headers = (b: number): string => `, "headers": {"a": "x", "b": "${b}"}${ignoring}`;
  assert.deepEqual([sent(headers(1)), sent(headers(2))], ["2", "2"]);
  outcomes.push(answer("x", "text/plain", 500), answer("y", "text/plain", 500));
  assert.deepEqual([sent(', "raw_body": "1"'), sent(', "raw_body": "1"')], ["x", "y"]);
  outcomes.push(answer("z", "text/plain", 500));
  assert.deepEqual([sent(', "cache": true'), sent(', "cache": true')], ["z", "z"]);
  outcomes.push({ kind: "network", message: "down" });
  const failing = ', "raw_body": "2", "raise_error": false';
  assert.deepEqual([sent(failing), sent(failing), count], ["failed", "failed", 6]);
});

test("a request without an answer is an error, or an object that tells it", () => {
  const outcomes: Readonly<Record<string, HttpOutcome>> = {
    "http://down": { kind: "network", message: "dial tcp: lookup down: no such host" },
    "http://slow": { kind: "timeout", message: "context deadline exceeded" },
    "http://odd": { kind: "settings", message: "could not append certificates" },
  };
  const send = ({ url }: HttpRequest): HttpOutcome => outcomes[url] ?? assert.fail(url);
  const check = checker(httpBuiltins, { send });
  for (const [url, error, shown, code = "network"] of [
    ["http://down", 'Get "http://down": dial tcp: lookup down: no such host'],
    [
      "http://slow",
      "Get http://slow: request timed out",
      'Get "http://slow": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ],
    [
      "http://odd",
      "could not append certificates",
      "eval_builtin_error: http.send: could not append certificates",
      "internal",
    ],
    ["ftp://a", 'Get "ftp://a": unsupported protocol scheme "ftp"'],
  ] as const) {
    check(`http.send({"url": "${url}", "method": "get"})`, `eval_builtin_error: ${error}`);
    const told = { error: { code: `eval_http_send_${code}_error`, message: shown ?? error }, status_code: 0 };
    check(`http.send({"url": "${url}", "method": "get", "raise_error": false})`, JSON.stringify(told));
  }
  for (const [headers, error] of [
    ['{"a b": ""}', 'invalid header field name \\"a b\\"'],
    ['{"a": "\\n"}', 'invalid header field value for \\"A\\"'],
  ] as const) {
    check(
      `http.send({"url": "http://a", "method": "get", "raise_error": false, "headers": ${headers}})`,
      `{"error":{"code":"eval_http_send_network_error","message":"Get \\"http://a\\": net/http: ${error}"},"status_code":0}`,
    );
  }
});

test("what fails in the host beyond its contract is no error of the builtin", () => {
  const host = {
    send: () => {
      throw new TypeError("a bug");
    },
  };
  const context = { host, memo: new Map(), spend: () => undefined };
  const request = { url: "http://a", method: "get", raise_error: false };
  assert.throws(() => httpBuiltins[0]?.evaluate(context, request), TypeError);
});

test("a host without HTTP denies it", () => {
  const [send] = httpBuiltins;
  const context = { host: {}, memo: new Map(), spend: () => undefined };
  assert.throws(
    () => send?.evaluate(context, { url: "http://a:80/", method: "get" }),
    (error) => error instanceof BuiltinError && error.message === "unallowed host: a",
  );
});
