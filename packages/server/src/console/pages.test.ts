import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { fastify } from "fastify";
import type { FastifyInstance } from "fastify";

import { problemOf } from "../problem.ts";
import { openPages } from "./pages.ts";

const folder = mkdtempSync(join(tmpdir(), "custody-pages-"));
after(() => rmSync(folder, { recursive: true }));

async function open(name: string): Promise<FastifyInstance> {
  const app = fastify();
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error);
    return reply.code(problem.status).send(problem);
  });
  await app.register(async (door) => openPages(door, join(folder, name, "/")));
  return app;
}

describe("the console's pages", () => {
  let app: FastifyInstance;
  before(async () => {
    mkdirSync(join(folder, "built/assets"), { recursive: true });
    writeFileSync(join(folder, "secret"), "secret");
    writeFileSync(join(folder, "built/index.html"), "<!doctype html>the console");
    writeFileSync(join(folder, "built/playground.html"), "<!doctype html>the playground");
    writeFileSync(join(folder, "built/assets/a-1.js"), "export {};");
    app = await open("built");
  });
  after(() => app.close());

  test("every view is the one page, which runs scripts of the server and no others", async () => {
    for (const url of ["/", "/chain/sha256:0", "/deliveries/1", "/decisions", "/log/entries/7", "/sign-in"]) {
      const { body, headers } = await app.inject(url);
      assert.equal(body, "<!doctype html>the console", url);
      const policy = String(headers["content-security-policy"]);
      assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/);
      assert.deepEqual(
        [headers["x-content-type-options"], headers["referrer-policy"], headers["cache-control"]],
        ["nosniff", "no-referrer", "public, max-age=0"],
      );
    }
  });

  test("the playground gets an origin that is nobody's", async () => {
    const { body, headers } = await app.inject("/playground/page");
    assert.equal(body, "<!doctype html>the playground");
    assert.match(String(headers["content-security-policy"]), /^sandbox allow-scripts allow-downloads;/);
    assert.doesNotMatch(String(headers["content-security-policy"]), /allow-same-origin/);
  });

  test("parts are kept for ever, and only parts are served", async () => {
    const { headers, statusCode } = await app.inject("/assets/a-1.js");
    assert.deepEqual([statusCode, headers["cache-control"]], [200, "public, max-age=31536000, immutable"]);
    for (const url of [
      "/assets/../../secret",
      "/assets/..%2f..%2fsecret",
      "/assets/%2e%2e/index.html",
      "/assets/nothing.js",
      "/secret",
    ]) {
      const answer = await app.inject(url);
      assert.notEqual(answer.statusCode, 200, url);
      assert.doesNotMatch(answer.body, /^secret$|the console/);
    }
  });
});

test("a console that was not built says how to build it", async () => {
  const app = await open("nothing");
  const answer = await app.inject("/");
  assert.equal(answer.statusCode, 503);
  assert.match(answer.body, /npm run console/);
  await app.close();
});
