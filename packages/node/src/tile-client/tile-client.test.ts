import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";

import { openTileClient } from "./index.ts";

let failures = 0;
const server = createServer((request, response) => {
  const path = request.url ?? "";
  if (path === "/log/checkpoint" && failures-- > 0) return void response.writeHead(503).end();
  if (path === "/log/checkpoint") return void response.end("a note");
  if (path === "/log/tile/0/000") return void response.end(Buffer.alloc(8193));
  if (path === "/log/tile/entries/000") return void response.end(Buffer.alloc(100_000));
  if (path === "/log/tile/1/000") return void response.writeHead(302, { location: "/log/checkpoint" }).end();
  if (path === "/log/tile/2/000") return undefined;
  return void response.writeHead(404).end("none");
});
let url = "";
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log/`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

test("reads what is there, and knows what is not", async () => {
  const client = openTileClient(url);
  assert.equal(new TextDecoder().decode(await client.read("checkpoint")), "a note");
  assert.equal((await client.read("tile/entries/000"))?.length, 100_000);
  assert.equal(await client.read("tile/5/000"), undefined);
});

test("asks again before it gives up", async () => {
  failures = 2;
  assert.ok(await openTileClient(url).read("checkpoint"));
  failures = 3;
  await assert.rejects(openTileClient(url).read("checkpoint"), { code: "monitor/unreachable" });
});

test("takes nothing that is too large, leads elsewhere, or does not come", async () => {
  const client = openTileClient(url, { timeoutMilliseconds: 100 });
  for (const path of ["tile/0/000", "tile/1/000", "tile/2/000"]) {
    await assert.rejects(client.read(path), { code: "monitor/unreachable" }, path);
  }
});
