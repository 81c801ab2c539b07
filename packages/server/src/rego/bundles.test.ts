import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { utf8 } from "custody/ground";
import { allBuiltins } from "custody/rego/builtins";
import type { BundleKey } from "custody/rego/bundle";

import { archive, until } from "./management/service.testing.ts";
import { check, serve } from "./rego.testing.ts";
import type { RegoServer } from "./index.ts";

const key: BundleKey = { algorithm: "HS256", bytes: utf8("a secret of the tests") };

/** A place of bundles: what it gives can be changed, and it counts how it is asked. */
class BundlePlace {
  body: Uint8Array | undefined;
  etag = "1";
  given = 0;
  unchanged = 0;
  preferred: string | undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      this.preferred = request.headers["prefer"] as string | undefined;
      if (!this.body) response.writeHead(500).end();
      else if (request.headers["if-none-match"] === this.etag) {
        this.unchanged++;
        response.writeHead(304).end();
      } else {
        this.given++;
        response.writeHead(200, { etag: this.etag }).end(this.body);
      }
    });
    after(() => this.#server.close());
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/authz.tar.gz`;
  }
}

async function textOf(server: RegoServer, path: string): Promise<string> {
  return (await fetch(server.url + path)).text();
}

const polling = { pollMilliseconds: 50, sizeLimitBytes: 100_000 };
const manifest = (revision: string): string => JSON.stringify({ revision, roots: ["p"] });

describe("a bundle from a URL", () => {
  test("counts once it is there, and again when it has changed", async () => {
    const place = new BundlePlace();
    const bundles = [{ name: "authz", place: await place.open(), isRead: false }];
    const server = await serve({ bundles, bundleOptions: polling, data: '{"mine":1}' });
    const notReady = '500 {"error":"one or more bundles are not activated"}';
    await check(server, "GET /health", "200 {}");
    await check(server, "GET /health?bundles", notReady);
    place.body = await archive({ ".manifest": manifest("one"), "p.rego": "package p\nx := 1" });
    await until(async () => (await textOf(server, "/v1/data")) === '{"result":{"mine":1,"p":{"x":1}}}\n');
    await check(server, "GET /health?bundles&plugins", "200 {}");
    await until(() => place.unchanged > 0);
    assert.equal(place.given, 1);
    await check(server, "GET /v1/data/p/x?provenance", /"bundles":\{"authz":\{"revision":"one"\}\}/);
    await check(server, "PUT /v1/data/p/y 1", /path p\/y is owned by bundle \\"authz\\"/);

    place.body = await archive({ ".manifest": manifest("two"), "p.rego": "package p\nx := 2" });
    place.etag = "2";
    await until(async () => (await textOf(server, "/v1/data/p")) === '{"result":{"x":2}}\n');
  });

  test("is changed by deltas of it, and asked for whole where one does not fit", async () => {
    const place = new BundlePlace();
    const bundles = [{ name: "authz", place: await place.open(), isRead: false }];
    place.body = await archive({ ".manifest": manifest("one"), "p/data.json": '{"a":1,"b":2}' });
    const server = await serve({ bundles, bundleOptions: polling });
    const becomes = (text: string): Promise<void> =>
      until(async () => (await textOf(server, "/v1/data/p")) === `{"result":${text}}\n`);
    await becomes('{"a":1,"b":2}');
    await until(() => place.preferred === "modes=snapshot,delta");

    const changes = '{"op":"upsert","path":"/p/c/d","value":3},{"op":"remove","path":"/p/b"}';
    place.body = await archive({ ".manifest": manifest("two"), "patch.json": `{"data":[${changes}]}` });
    place.etag = "2";
    await becomes('{"a":1,"c":{"d":3}}');
    await check(server, "GET /v1/data/p/a?provenance", /"bundles":\{"authz":\{"revision":"two"\}\}/);

    const bad = '{"op":"upsert","path":"/p/e","value":1},{"op":"replace","path":"/p/none","value":1}';
    place.body = await archive({ ".manifest": manifest("three"), "patch.json": `{"data":[${bad}]}` });
    place.etag = "3";
    await until(() => place.preferred === "modes=snapshot");
    await until(async () => (await textOf(server, "/v1/status")).includes("document does not exist"));
    await check(server, "GET /v1/data/p", '200 {"result":{"a":1,"c":{"d":3}}}');
    place.body = await archive({ ".manifest": manifest("four"), "p/data.json": "{}" });
    await becomes("{}");
  });

  test("may be in the language before OPA 1.0", async () => {
    const place = new BundlePlace();
    place.body = await archive({ ".manifest": manifest("one"), "p.rego": "package p\nx { true }" });
    const bundles = [{ name: "old", place: await place.open(), isRead: false }];
    const compile = { builtins: allBuiltins, version: "v0" } as const;
    const server = await serve({ bundles, compile, bundleOptions: { ...polling, version: "v0" } });
    await until(async () => (await textOf(server, "/v1/data/p")) === '{"result":{"x":true}}\n');
  });

  test("that is refused leaves the one before as it is", async () => {
    const place = new BundlePlace();
    const bundles = [{ name: "authz", place: await place.open(), isRead: false }];
    const server = await serve({ bundles, bundleOptions: { ...polling, key } });
    place.body = await archive({ ".manifest": manifest("one"), "p.rego": "package p\nx := 1" }, key);
    await until(async () => (await textOf(server, "/v1/data/p")) === '{"result":{"x":1}}\n');
    const other = { ...key, bytes: utf8("of somebody else") };
    const outside = { ".manifest": manifest("bad"), "q.rego": "package q" };
    for (const [body, message] of [
      [await archive({ "p.rego": "package p" }), "bundle missing .signatures.json file"],
      [await archive({ "p.rego": "package p" }, other), "failed to verify JWT signature"],
      [await archive(outside, key), "do not permit 'package q'"],
      [await archive({ "p.rego": "package p\nx := y" }, key), "var y is unsafe"],
      [utf8("no archive"), "incorrect header check"],
      [new Uint8Array(200_000), "the bundle is larger than 100000 bytes"],
      [gzipSync(new Uint8Array(2_000_000)), "larger than 1000000 bytes"],
    ] as const) {
      place.body = body;
      place.etag += "+";
      await until(async () => (await textOf(server, "/v1/status")).includes(message));
      await check(server, "GET /v1/data/p", '200 {"result":{"x":1}}');
    }
    assert.match(await textOf(server, "/metrics"), /\nbundles_failing 1\n/);
  });
});
