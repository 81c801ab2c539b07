import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { fastify } from "fastify";

import { problemOf } from "../problem.ts";
import { demandOwnOrigin } from "./own-origin.ts";

const publicUrl = "https://custody.example.org";
const upstream = "127.0.0.1:7080";

async function check(headers: Record<string, string>, expected: number): Promise<void> {
  const app = fastify();
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error);
    return reply.code(problem.status).send(problem);
  });
  app.post("/", async (request, reply) => {
    demandOwnOrigin(request, publicUrl);
    return reply.code(201).send();
  });
  const { statusCode, body } = await app.inject({ method: "POST", url: "/", headers });
  assert.equal(statusCode, expected, body);
  if (expected === 403) assert.match(body, /open the console at https:\/\/custody\.example\.org,/);
  await app.close();
}

describe("a request that changes a session comes from the server's own pages", () => {
  const rows: readonly [name: string, headers: Record<string, string>, expected: number][] = [
    ["asked at the host that it names", { origin: `http://${upstream}`, host: upstream }, 201],
    ["the public URL, behind a proxy that names its upstream", { origin: publicUrl, host: upstream }, 201],
    [
      "the public URL, behind a proxy that names another port",
      { origin: publicUrl, host: "custody.example.org:80" },
      201,
    ],
    ["no browser", { host: upstream }, 201],
    ["another site", { origin: "https://elsewhere.example", host: upstream }, 403],
    ["the public URL's host in the clear", { origin: "http://custody.example.org", host: upstream }, 403],
    ["another port of the public host", { origin: `${publicUrl}:8443`, host: upstream }, 403],
    ["a host that only begins alike", { origin: `${publicUrl}.elsewhere.example`, host: upstream }, 403],
    ["a frame without an origin", { origin: "null", host: upstream }, 403],
    ["an origin that is none", { origin: "custody.example.org", host: "custody.example.org" }, 403],
    [
      "another site, as the browser says",
      { origin: publicUrl, host: upstream, "sec-fetch-site": "cross-site" },
      403,
    ],
    [
      "the same site at the public URL, as the browser says",
      { origin: publicUrl, host: upstream, "sec-fetch-site": "same-origin" },
      201,
    ],
  ];
  for (const [name, headers, expected] of rows)
    test(`${expected === 201 ? "takes" : "refuses"} ${name}`, () => check(headers, expected));
});
