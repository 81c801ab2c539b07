import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { after, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";

import { LineBuffer } from "./line-buffer.ts";
import { uploadSink } from "./line-sinks.ts";
import { check, serve } from "./rego.testing.ts";

interface Logged {
  readonly decision_id: string;
  readonly [member: string]: unknown;
}

/** What a request leaves in the log, without what is another each time. */
async function logged(
  request: string,
  modules: readonly string[],
  hidesSecrets = true,
): Promise<readonly unknown[]> {
  const lines: string[] = [];
  const sink = async (some: readonly string[]): Promise<void> => void lines.push(...some);
  const server = await serve({ modules, decisions: { sink, hidesSecrets, sizeLimitBytes: 10_000 } });
  await check(server, request, /./);
  await server.stop();
  return lines.map((line) => {
    const {
      decision_id: id,
      labels,
      requested_by: by,
      timestamp,
      metrics,
      ...rest
    } = JSON.parse(line) as Logged;
    assert.match([id, timestamp, by].join(" "), /^[\w-]{36} \d{4}-.*Z 127\.0\.0\.1:\d+$/);
    assert.ok(labels && metrics);
    return rest;
  });
}

const policy = "package p\nx := input.a\ny := 1/0\ntoken := input.userToken";

describe("the log of decisions", () => {
  test("has a line for each", async () => {
    for (const [request, event] of [
      ['POST /v1/data/p/x {"input":{"a":1}}', { path: "p/x", input: { a: 1 }, result: 1, req_id: 1 }],
      ['POST /v0/data/p/x {"a":1}', { path: "p/x", input: { a: 1 }, result: 1, req_id: 1 }],
      ["GET /v1/data/none", { path: "none", req_id: 1 }],
      ["GET /v1/query?q=x=1", { query: "x=1", result: [{ x: 1 }], req_id: 1 }],
      [
        "GET /v1/data/p/y?strict-builtin-errors",
        { path: "p/y", error: "m0:3: eval_builtin_error: div: divide by zero", req_id: 1 },
      ],
    ] as const)
      assert.deepEqual(await logged(request, [policy]), [event]);
  });

  test("leaves out what looks like a secret, unless it shall not", async () => {
    const request = 'POST /v1/data/p {"input":{"userToken":"s","headers":{"Authorization":"s"}}}';
    const [hidden] = await logged(request, [policy]);
    assert.deepEqual(hidden, {
      path: "p",
      input: { headers: {} },
      result: {},
      erased: ["/input/headers/Authorization", "/input/userToken", "/result/token"],
      req_id: 1,
    });
    assert.match(JSON.stringify(await logged(request, [policy], false)), /"userToken":"s".*"token":"s"/);
  });

  test("is masked and thinned by policies", async () => {
    const mask =
      'package system.log\nmask contains "/input/name"\nmask contains {"op":"upsert","path":"/result/x","value":"**"}\ndrop if input.path == "p/x"';
    const [event] = await logged('POST /v1/data/p {"input":{"a":1,"name":"n"}}', [policy, mask]);
    assert.deepEqual(event, {
      path: "p",
      input: { a: 1 },
      result: { x: "**" },
      erased: ["/input/name"],
      masked: ["/result/x"],
      req_id: 1,
    });
    assert.deepEqual(await logged('POST /v1/data/p/x {"input":{"a":1}}', [policy, mask]), []);
  });

  test("shows nothing where a mask is none", async () => {
    const mask = 'package system.log\nmask := ["password"]';
    const [event] = await logged('POST /v1/data/p/x {"input":{"a":1}}', [policy, mask]);
    assert.deepEqual(event, { path: "p/x", erased: ["/input", "/result"], req_id: 1 });
  });
});

describe("lines on their way", () => {
  const settings = { sizeLimitBytes: 10, batchLines: 2, retryMilliseconds: 10 };

  test("are dropped from the oldest on when there are too many, and counted", async () => {
    const taken: string[] = [];
    let isOpen = false;
    const sink = async (lines: readonly string[]): Promise<void> => {
      if (!isOpen) throw new Error("closed");
      taken.push(...lines);
    };
    const buffer = new LineBuffer({ ...settings, sink });
    for (const line of ["aaaa", "bbbb", "cccc", "dddd"]) buffer.push(line);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(buffer.state.lastError, "closed");
    isOpen = true;
    await buffer.close(1000);
    assert.equal(taken.at(-1), "dddd");
    assert.equal(taken.length + buffer.state.dropped, 4);
    assert.ok(buffer.state.dropped > 0);
  });

  test("that nobody takes do not hold up the end", async () => {
    const buffer = new LineBuffer({ ...settings, sink: () => Promise.reject(new Error("never")) });
    buffer.push("a");
    await buffer.close(20);
    assert.deepEqual(buffer.state, { written: 0, dropped: 1, lastError: "never" });
  });

  test("go to a service as packed arrays", async () => {
    const got: string[] = [];
    const server = createServer(async (request, response) => {
      const body = await buffer(request);
      got.push(`${request.headers["content-encoding"]} ${gunzipSync(body).toString()}`);
      response.writeHead(got.length === 1 ? 500 : 204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    after(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/logs`;
    const signal = new AbortController().signal;
    await assert.rejects(uploadSink(url)(["{}"], signal), /answered 500/);
    await uploadSink(url)(['{"a":1}', "{}"], signal);
    assert.equal(got[1], 'gzip [{"a":1},{}]');
  });
});
