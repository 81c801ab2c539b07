import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findRequirements } from "@custody/node/host";
import { StemcellStore } from "@custody/node/stemcells";
import { hashTree, TreeCache } from "@custody/node/trees";
import { instantOf } from "custody/ground";
import type { PlacedTree } from "custody/runtime";

import type { RuncSandboxOptions } from "./runc-sandbox.ts";
import { RuncSandbox } from "./runc-sandbox.ts";

const clock = { now: () => instantOf(Date.now()) };

/** Why sandboxes cannot run here; false when they can. */
export async function findSkipReason(): Promise<string | false> {
  const { root, tools, features } = await findRequirements();
  const missing = tools.filter(({ version }) => version === undefined).map(({ name }) => name);
  const lacking = features.filter(({ available }) => !available).map(({ detail }) => detail);
  if (!root) return "needs root";
  if (process.arch !== "x64") return "the probe knows x86-64 only";
  return [...missing.map((name) => `needs ${name}`), ...lacking][0] ?? false;
}

/** A directory closed to all but its owner, with a stemcell, a source tree, and what an attacker would look for. */
export interface TestHost {
  readonly top: string;
  readonly root: PlacedTree;
  readonly source: PlacedTree;
  readonly sandbox: RuncSandbox;
  /** A file of the host that anybody may read. */
  readonly canary: string;
  /** A server on the host's loopback. */
  readonly port: number;
  readonly options: RuncSandboxOptions;
  close(): Promise<void>;
}

export async function openTestHost(): Promise<TestHost> {
  const top = await mkdtemp(join(tmpdir(), "custody-runc-"));
  const canary = `${top}-canary`;
  await writeFile(canary, "canary");
  await writeFile(join(top, "key"), "private", { mode: 0o600 });
  const server = await startServer();
  const port = (server.address() as AddressInfo).port;
  const options = { directory: join(top, "closed/runc"), clock, signingKeyFile: join(top, "key") };
  await mkdir(join(top, "closed"), { mode: 0o700 });
  const sandbox = await RuncSandbox.open(options);
  return {
    top,
    canary,
    port,
    sandbox,
    options,
    root: await placeStemcell(top),
    source: await placeSource(top),
    async close() {
      await sandbox[Symbol.asyncDispose]();
      server.close();
      await rm(canary);
      await rm(top, { recursive: true });
    },
  };
}

async function startServer(): Promise<Server> {
  const server = createServer((request, response) => response.end(`you asked for ${request.url}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function placeStemcell(top: string): Promise<PlacedTree> {
  const store = await StemcellStore.open(process.env["CUSTODY_TEST_STEMCELLS"] ?? join(top, "stemcells"));
  const stemcell = await store.build({ suite: "bookworm", packages: [] });
  const cache = await TreeCache.open(join(top, "trees"), () => stemcell.open());
  return { digest: stemcell.digest, place: await cache.place(stemcell.digest) };
}

async function placeSource(top: string): Promise<PlacedTree> {
  const place = join(top, "source");
  await mkdir(place);
  await chmod(place, 0o755);
  await writeFile(join(place, "hello.sh"), "echo hello\n");
  return { digest: await hashTree(place), place };
}
