import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { promisify } from "node:util";

import { pushBundle, RegistryClient } from "@custody/node/registry-client";
import { Secret, utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import type { Authorize } from "custody/registry";
import { readJson } from "custody/rego";
import { parseConfiguration } from "custody/rego/config";

import { serveRegistry } from "../../doors/registry.testing.ts";
import type { RegoServer } from "../index.ts";
import { check, serve } from "../rego.testing.ts";
import { archive, Service, until } from "./service.testing.ts";

const polling = { min_delay_seconds: 0, max_delay_seconds: 0 };
const shell = promisify(execFile);

async function bundle(x: number): Promise<Bytes> {
  return new Uint8Array(await archive({ "p.rego": `package p\nx := ${x}` }));
}

async function push(url: string, content: Bytes, tag = "1"): Promise<string> {
  const client = new RegistryClient({ url, user: "ada", password: new Secret("word") });
  return pushBundle(client, { repository: "policies/authz", tag }, content);
}

async function pulling(
  url: string,
  resource: string,
  more: object = {},
  credentials = {},
): Promise<RegoServer> {
  const services = { images: { url, type: "oci", credentials } };
  const given = { services, bundles: { authz: { resource, polling, ...more } } };
  return serve({ configuration: parseConfiguration(readJson(JSON.stringify(given))) });
}

function textOf(server: RegoServer, path: string): Promise<string> {
  return fetch(server.url + path).then(async (response) => (await response.text()).trim());
}

function becomes(server: RegoServer, path: string, wanted: string | RegExp): Promise<void> {
  return until(async () => {
    const text = await textOf(server, path);
    return typeof wanted === "string" ? text === wanted : wanted.test(text);
  });
}

describe("a bundle in a registry", () => {
  test("counts once it is there, and again when its tag has moved", async () => {
    const url = await serveRegistry();
    const server = await pulling(url, `${new URL(url).host}/policies/authz:1`);
    await becomes(server, "/v1/status", /answered 404.*"http_code":404/);
    await push(url, await bundle(1));
    await becomes(server, "/v1/data/p", '{"result":{"x":1}}');
    await check(server, "GET /v1/status", /"type":"snapshot","size":\d+/);
    await push(url, await bundle(2));
    await becomes(server, "/v1/data/p", '{"result":{"x":2}}');
  });

  test("stays as it is under a digest", async () => {
    const url = await serveRegistry();
    const digest = await push(url, await bundle(1));
    await push(url, await bundle(2));
    await becomes(await pulling(url, `policies/authz@${digest}`), "/v1/data/p", '{"result":{"x":1}}');
  });

  test("can be pushed by a stock client", { skip: !existsSync("/usr/bin/skopeo") }, async () => {
    const url = await serveRegistry();
    await push(url, await bundle(1));
    const [from, to] = ["policies/authz:1", "copied:2"].map(
      (name) => `docker://${new URL(url).host}/${name}`,
    );
    const flags = ["--src-tls-verify=false", "--dest-tls-verify=false", "--insecure-policy"];
    await shell("skopeo", ["copy", ...flags, from ?? "", to ?? ""], { timeout: 20_000 });
    await becomes(await pulling(url, "copied:2"), "/v1/data/p", '{"result":{"x":1}}');
  });

  test("is given to who shows the password", async () => {
    const authorize: Authorize = async ({ credentials }) =>
      credentials?.password.reveal() === "word" ? "allowed" : "unauthenticated";
    const url = await serveRegistry(authorize);
    await push(url, await bundle(1));
    const basic = (token: string): object => ({ bearer: { scheme: "Basic", token } });
    const good = await pulling(url, "policies/authz:1", {}, basic("ada:word"));
    await becomes(good, "/v1/data/p", '{"result":{"x":1}}');
    const bad = await pulling(url, "policies/authz:1", {}, basic("ada:other"));
    await becomes(bad, "/v1/status", /"http_code":401/);
  });

  test("is refused when it is too large, another, or none, and counts when it is none of those", async () => {
    const url = await serveRegistry();
    const server = await pulling(url, "policies/authz:1", { size_limit_bytes: 300 });
    const large = await archive({ "p.rego": "package p", "data.json": `{"p": {"noise": "${noise()}"}}` });
    await push(url, new Uint8Array(large));
    await becomes(server, "/v1/status", /the bundle is larger than 300 bytes/);
    await push(url, utf8("no archive"));
    await becomes(server, "/v1/status", /incorrect header check/);
    await push(url, await bundle(1));
    await becomes(server, "/v1/data/p", '{"result":{"x":1}}');
    await assert.rejects(pulling(url, "elsewhere.test/policies/authz:1"), /is not in 127\.0\.0\.1/);
  });
});

function noise(): string {
  return Array.from({ length: 500 }, () => Math.random().toString(36).slice(2)).join("");
}

describe("a registry that is not honest", () => {
  const manifestType = "application/vnd.oci.image.manifest.v1+json";

  /** A registry that gives a layer for another; and the honest one that gives it itself. */
  async function given(layer: Bytes, isHonest: boolean): Promise<RegoServer> {
    const real = await serveRegistry();
    const digest = await push(real, layer);
    const manifest = await (
      await fetch(`${real}/v2/policies/authz/manifests/${digest}`, { headers: { accept: manifestType } })
    ).text();
    const blob =
      /"application\/vnd\.oci\.image\.layer[^}]*"/.exec(manifest) && JSON.parse(manifest).layers[0].digest;
    const service = new Service();
    service.gives.set("GET /v2/a/manifests/1", { headers: { "content-type": manifestType }, body: manifest });
    const other = new Uint8Array(layer).fill(0);
    service.gives.set(`GET /v2/a/blobs/${blob}`, { body: isHonest ? layer : other });
    return pulling(await service.open(), "a:1");
  }

  test("is found out by the digest of the layer", async () => {
    await becomes(await given(await bundle(1), true), "/v1/data/p", '{"result":{"x":1}}');
    await becomes(await given(await bundle(1), false), "/v1/status", /the content's digest is sha256:/);
  });

  test("that sends for a token gets one, but not in the clear where it is not itself", async () => {
    const url = await serveRegistry();
    const content = await bundle(1);
    await push(url, content);
    const service = new Service();
    const own = await service.open();
    let realm = `${own}/token`;
    service.gives.set(`GET /token?service=r&scope=repository%3Aa%3Apull`, ({ headers }) =>
      headers["authorization"] === `Basic ${Buffer.from("ada:word").toString("base64")}`
        ? { body: '{"token":"pass"}' }
        : { status: 403 },
    );
    service.gives.set("GET /v2/a/manifests/1", ({ headers }) =>
      headers["authorization"] === "Bearer pass"
        ? { status: 404 }
        : { status: 401, headers: { "www-authenticate": `Bearer realm="${realm}",service="r"` } },
    );
    const credentials = { bearer: { scheme: "Basic", token: "ada:word" } };
    await becomes(await pulling(own, "a:1", {}, credentials), "/v1/status", /manifests\/1 answered 404/);
    await becomes(await pulling(own, "a:1", {}), "/v1/status", /gave no token: it answered 403/);
    realm = "ftp://127.0.0.1/token";
    await becomes(await pulling(own, "a:1"), "/v1/status", /sends for a token to .*, in the clear/);
  });
});
