import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { arrayBuffer, buffer } from "node:stream/consumers";
import { after } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";

import { nodeRegoCrypto } from "@custody/node/rego-host";
import { utf8 } from "custody/ground";
import { signaturesFile, signBundle } from "custody/rego/bundle";
import type { BundleKey } from "custody/rego/bundle";
import { writeTar } from "custody/tar";

/** The archive of a bundle. */
export async function archive(
  files: Readonly<Record<string, string>>,
  signedWith?: BundleKey,
): Promise<Uint8Array> {
  const all = new Map(Object.entries(files).map(([name, text]) => [name, utf8(text)]));
  if (signedWith) all.set(signaturesFile, utf8(signBundle(all, { key: signedWith, crypto: nodeRegoCrypto })));
  const entries = [...all]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => ({
      kind: "file" as const,
      path,
      mode: 0o600,
      sizeBytes: bytes.length,
      content: async function* () {
        await Promise.resolve();
        yield bytes;
      },
    }));
  return gzipSync(new Uint8Array(await arrayBuffer(writeTar(entries))));
}

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await holds()) return;
    await wait(25);
  }
  assert.fail("it did not come about");
}

interface Asked {
  readonly request: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Given {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** A service as OPA's configuration names them: it gives what it is told to, and remembers what it was asked. */
export class Service {
  readonly asked: Asked[] = [];
  /** `GET /bundles/authz` → what is given there; 404 for the rest. */
  readonly gives = new Map<string, Given | ((asked: Asked) => Given)>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const bytes = await buffer(request);
      const isPacked = request.headers["content-encoding"] === "gzip";
      const asked = {
        request: `${request.method} ${request.url}`,
        headers: request.headers,
        body: (isPacked ? gunzipSync(bytes) : bytes).toString(),
      };
      this.asked.push(asked);
      const gives = this.gives.get(asked.request) ?? { status: 404 };
      const { status = 200, headers = {}, body } = typeof gives === "function" ? gives(asked) : gives;
      response.writeHead(status, headers).end(body);
    });
    after(() => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A bundle under a path, with the tag that makes it new. */
  async put(path: string, files: Readonly<Record<string, string>>, tag: string): Promise<void> {
    const body = await archive(files);
    this.gives.set(`GET ${path}`, ({ headers }) =>
      headers["if-none-match"] === tag ? { status: 304 } : { headers: { etag: tag }, body },
    );
  }

  /** The bodies that came to a path. */
  bodies(request: string): readonly string[] {
    return this.asked.filter((one) => one.request === request).map(({ body }) => body);
  }
}
