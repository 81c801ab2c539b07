import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { openBlobFiles } from "@custody/node/blobs";
import { nodeCrypto } from "@custody/node/crypto";
import { digestOf, utf8 } from "custody/ground";
import { describe, mediaTypes } from "custody/oci";
import { handleRegistryRequest } from "custody/registry";
import type { RegistryPorts } from "custody/registry";

import { testMetadataStore, testUploadStore } from "../../../custody/src/registry/contract.ts";
import { openDatabase } from "../postgres/index.ts";
import { startTestDatabase } from "../postgres/postgres.testing.ts";
import type { TestDatabase } from "../postgres/postgres.testing.ts";
import { metadataRows, openUploadFiles, registryMigrations } from "./index.ts";

let running: TestDatabase;
let directory: string;
const closing: (() => Promise<void>)[] = [];
before(async () => {
  running = await startTestDatabase(registryMigrations);
  directory = await mkdtemp(join(tmpdir(), "custody-registry-"));
});
after(async () => {
  for (const close of closing) await close();
  await running.stop();
  await rm(directory, { recursive: true });
});

let count = 0;
const newFolder = () => join(directory, String(++count));

async function openMetadata() {
  const name = `registry_${++count}`;
  await running.database.query(`CREATE DATABASE ${name}`);
  const database = openDatabase({ ...running.connection, database: name });
  closing.push(() => database.close());
  await database.migrate(registryMigrations);
  return metadataRows(database);
}

testMetadataStore("the metadata store in PostgreSQL", openMetadata);
testUploadStore("the upload store in files", () => openUploadFiles(newFolder()));

async function makePorts(): Promise<RegistryPorts> {
  return {
    blobs: await openBlobFiles(newFolder()),
    uploads: await openUploadFiles(newFolder()),
    metadata: await openMetadata(),
    authorize: async () => "allowed",
    crypto: nodeCrypto,
    maxBlobBytes: 100_000_000,
  };
}

async function answer(ports: RegistryPorts, incoming: IncomingMessage, outgoing: ServerResponse) {
  const url = new URL(incoming.url ?? "/", "http://localhost");
  const response = await handleRegistryRequest(ports, {
    method: incoming.method ?? "",
    path: url.pathname,
    query: url.searchParams,
    header: (name) => incoming.headers[name]?.toString(),
    body: incoming,
  });
  outgoing.writeHead(response.status, response.headers);
  const { body = new Uint8Array() } = response;
  if (body instanceof Uint8Array) outgoing.end(body);
  else await pipeline(Readable.from(body), outgoing);
}

async function serve(ports: RegistryPorts): Promise<{ server: Server; host: string }> {
  const server = createServer((incoming, outgoing) => {
    answer(ports, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const run = promisify(execFile);
const hasSkopeo = await run("skopeo", ["--version"]).then(
  () => true,
  () => false,
);

// An image as a folder in skopeo's `dir:` form.
async function writeImage(folder: string) {
  const layer = new Uint8Array(3_000_000).fill(1);
  const diffId = digestOf(nodeCrypto, layer);
  const config = utf8(
    JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [diffId] } }),
  );
  const blobs = [
    { content: config, descriptor: describe(nodeCrypto, mediaTypes.imageConfig, config) },
    { content: layer, descriptor: describe(nodeCrypto, mediaTypes.layer, layer) },
  ];
  const manifest = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageManifest,
      config: blobs[0]!.descriptor,
      layers: [blobs[1]!.descriptor],
    }),
  );
  await mkdir(folder);
  for (const { content, descriptor } of blobs)
    await writeFile(join(folder, descriptor.digest.slice(7)), content);
  await writeFile(join(folder, "manifest.json"), manifest);
  await writeFile(join(folder, "version"), "Directory Transport Version: 1.1\n");
  return digestOf(nodeCrypto, manifest);
}

test(
  "takes an image from skopeo and gives the same one back",
  { skip: hasSkopeo ? false : "skopeo is not installed" },
  async (t) => {
    const { server, host } = await serve(await makePorts());
    t.after(() => server.close());
    const [source, target] = [newFolder(), newFolder()];
    const digest = await writeImage(source);
    const copy = (...args: string[]) =>
      run("skopeo", ["--insecure-policy", "copy", "--preserve-digests", ...args]);
    const image = `docker://${host}/team/app`;
    await copy("--dest-tls-verify=false", `dir:${source}`, `${image}:1.0`);
    await copy(
      "--src-tls-verify=false",
      "--dest-tls-verify=false",
      `${image}:1.0`,
      `docker://${host}/copied:2`,
    );
    await copy("--src-tls-verify=false", `${image}@${digest}`, `dir:${target}`);
    assert.deepEqual((await readdir(target)).sort(), (await readdir(source)).sort());
    const { stdout } = await run("skopeo", ["list-tags", "--tls-verify=false", image]);
    assert.deepEqual((JSON.parse(stdout) as { Tags: string[] }).Tags, ["1.0"]);
    await run("skopeo", ["delete", "--tls-verify=false", `${image}@${digest}`]);
    await assert.rejects(copy("--src-tls-verify=false", `${image}:1.0`, `dir:${newFolder()}`));
  },
);

test("breaks the connection rather than end a blob that was altered in its file", async (t) => {
  const ports = await makePorts();
  const { server, host } = await serve(ports);
  t.after(() => server.close());
  const content = new Uint8Array(1_000_000).fill(1);
  const digest = digestOf(nodeCrypto, content);
  const pushed = await fetch(`http://${host}/v2/a/blobs/uploads/?digest=${digest}`, {
    method: "POST",
    body: content,
  });
  assert.equal(pushed.status, 201);
  const folder = join(directory, String(count - 2));
  const path = join(folder, "sha256", digest.slice(7, 9), digest.slice(7));
  await writeFile(path, content.fill(2, 999_999));
  const response = await fetch(`http://${host}/v2/a/blobs/${digest}`);
  await assert.rejects(response.arrayBuffer());
});
