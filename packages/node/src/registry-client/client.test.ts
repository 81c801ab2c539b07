import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { Secret, parseDigest, utf8 } from "custody/ground";

import { RegistryClient } from "./index.ts";
import type { PushedBlob } from "./index.ts";

const content = utf8("a layer");
const digest = parseDigest(`sha256:${createHash("sha256").update(content).digest("hex")}`);
const blob: PushedBlob = {
  digest,
  sizeBytes: content.length,
  open: async function* () {
    yield content;
  },
};

/** Pushes the blob to a registry that answers as given, `METHOD` → status; says what it was asked, and how it ended. */
async function push(statuses: Readonly<Record<string, number>>): Promise<readonly [string[], unknown]> {
  const asked: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = "", url = "" } = request;
    asked.push(`${method} ${url}`);
    request.resume().once("end", () => {
      response.writeHead(statuses[method] ?? 500, { location: "/v2/app/blobs/uploads/1?state=x" }).end();
    });
  };
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new RegistryClient({ url, user: "custody", password: new Secret("word") });
  try {
    await client.pushBlob("app", blob);
    return [asked, "pushed"];
  } catch (error) {
    return [asked, (error as { code: string }).code];
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const head = `HEAD /v2/app/blobs/${digest}`;
const mount = `POST /v2/app/blobs/uploads/?mount=${digest}`;

test("leaves a blob alone that the repository has", async () => {
  assert.deepEqual(await push({ HEAD: 200 }), [[head], "pushed"]);
});

test("sends nothing of a blob that the registry mounts from elsewhere", async () => {
  assert.deepEqual(await push({ HEAD: 404, POST: 201 }), [[head, mount], "pushed"]);
});

test("uploads where the registry does not mount, to the place that it names", async () => {
  const put = `PUT /v2/app/blobs/uploads/1?state=x&digest=${encodeURIComponent(digest)}`;
  assert.deepEqual(await push({ HEAD: 404, POST: 202, PUT: 201 }), [[head, mount, put], "pushed"]);
});

test("tells a registry that fails from one that refuses", async () => {
  assert.deepEqual((await push({ HEAD: 404, POST: 503 }))[1], "registry/unavailable");
  assert.deepEqual((await push({ HEAD: 404, POST: 429 }))[1], "registry/unavailable");
  assert.deepEqual((await push({ HEAD: 404, POST: 401 }))[1], "registry/push");
  assert.deepEqual((await push({ HEAD: 404, POST: 202, PUT: 400 }))[1], "registry/push");
});

test("says when no registry answers", async () => {
  const client = new RegistryClient({
    url: "http://127.0.0.1:1",
    user: "custody",
    password: new Secret("word"),
  });
  await assert.rejects(client.pushBlob("app", blob), { code: "registry/unreachable" });
});
