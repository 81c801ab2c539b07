import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import { testTufRemote, testTufTrustStore } from "../../../custody/src/tuf/client/contract.ts";

import { openTufRemote, openTufTrustStore } from "./index.ts";

const top = await mkdtemp(join(tmpdir(), "custody-tuf-client-"));
let files: ReadonlyMap<string, Bytes> = new Map();
/** Answers by path; what is no status is a file. */
const server = createServer((request, response) => {
  const path = (request.url ?? "").slice(1);
  const status = /^status\/(\d+)$/.exec(path)?.[1];
  if (path === "hang-up") return response.destroy();
  if (path === "moved") return response.writeHead(302, { location: "/1.root.json" }).end();
  const file = files.get(path);
  return response.writeHead(Number(status ?? (file ? 200 : 404))).end(file);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(async () => {
  server.close();
  await rm(top, { recursive: true, force: true });
});

testTufTrustStore("in files", async () => openTufTrustStore(join(await mkdtemp(join(top, "trust-")), "new")));
testTufRemote("over HTTP", (all) => {
  files = all;
  return Promise.resolve(openTufRemote({ metadata: `${url}/` }));
});

test("the metadata stand under their roles' names", async () => {
  const directory = join(top, "names");
  const store = openTufTrustStore(directory);
  for (const role of ["root", "..", "a/../b"]) await store.write(role, utf8("x"));
  assert.deepEqual((await readdir(directory)).toSorted(), ["...json", "a%2F..%2Fb.json", "root.json"]);
});

test("a store that cannot be written says so, and one that was never made is empty", async () => {
  const directory = join(top, "taken");
  await mkdir(join(directory, "root.json"), { recursive: true });
  const store = openTufTrustStore(directory);
  await assert.rejects(store.read("root"), { code: "files/unavailable" });
  await assert.rejects(store.write("root", utf8("x")), { code: "files/unavailable" });
  assert.equal(await openTufTrustStore(join(top, "never")).read("root"), undefined);
  await openTufTrustStore(join(top, "never")).remove("root");
});

test("only a repository that says that a file is absent ends a chain; one that fails does not", async () => {
  const remote = openTufRemote({ metadata: url });
  for (const status of [403, 404, 410]) {
    assert.equal(await remote.fetchMetadata(`status/${status}`, 100), undefined, `${status}`);
  }
  for (const status of [204, 400, 429, 500, 503]) {
    await assert.rejects(
      remote.fetchMetadata(`status/${status}`, 100),
      { code: "tuf/unreachable" },
      `${status}`,
    );
  }
  await assert.rejects(remote.fetchMetadata("hang-up", 100), { code: "tuf/unreachable" });
  await assert.rejects(openTufRemote({ metadata: "http://127.0.0.1:1" }).fetchMetadata("x", 1), {
    code: "tuf/unreachable",
  });
});

test("redirections are followed, and targets may be elsewhere", async () => {
  files = new Map([
    ["1.root.json", utf8("a root")],
    ["elsewhere/a", utf8("a target")],
  ]);
  const remote = openTufRemote({ metadata: url, targets: `${url}/elsewhere` });
  assert.deepEqual(await remote.fetchMetadata("moved", 100), utf8("a root"));
  assert.deepEqual(await remote.fetchTarget("a", 100), utf8("a target"));
});
