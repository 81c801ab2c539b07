import { after } from "node:test";

import type { Authorize } from "custody/registry";
import { memoryRegistry } from "custody/registry/registry.testing";
import { fastify } from "fastify";

import { openRegistryDoor } from "./registry.ts";

/** Custody's own registry over memory, on a free port; it ends with the tests of the file. */
export async function serveRegistry(authorize: Authorize = async () => "allowed"): Promise<string> {
  const app = fastify({ forceCloseConnections: true });
  openRegistryDoor(app, { ...memoryRegistry(), maxBlobBytes: 1_000_000, authorize });
  after(() => app.close());
  return app.listen({ host: "127.0.0.1", port: 0 });
}
