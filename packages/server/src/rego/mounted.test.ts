import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { Secret } from "custody/ground";
import { memoryContentKeeper } from "custody/rego/store";
import type { ContentKeeper } from "custody/rego/store";
import { fastify } from "fastify";

import { until } from "./management/service.testing.ts";
import { openMountedDoors, openMountedRego } from "./mounted.ts";
import type { MountedRego } from "./mounted.ts";

const folder = mkdtempSync(join(tmpdir(), "custody-mounted-"));
after(() => rmSync(folder, { recursive: true }));
const decisionsFile = join(folder, "decisions.jsonl");
const token = new Secret("sesame");

interface Scene {
  readonly url: string;
  readonly rego: MountedRego;
}

/** Another server with OPA's API below `/opa`. */
async function mount(keeper: ContentKeeper = memoryContentKeeper()): Promise<Scene> {
  const rego = await openMountedRego({ keeper, token, decisionsFile, say: () => undefined });
  const app = fastify({ forceCloseConnections: true });
  app.get("/other", async () => "other");
  await app.register(async (doors) => openMountedDoors(doors, rego), { prefix: "/opa" });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  after(async () => {
    await app.close();
    await rego.close();
  });
  return { url, rego };
}

/** `PUT /opa/v1/data/x 1`: how it is answered, with the token or without. */
async function ask({ url }: Scene, request: string, presented?: string): Promise<string> {
  const [, method = "", path = "", body] = /^(\w+) (\S+)(?: ([^]*))?$/.exec(request) ?? [];
  const headers = presented === undefined ? {} : { authorization: `Bearer ${presented}` };
  const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) });
  return `${response.status} ${(await response.text()).replaceAll(/"decision_id":"[^"]*",?/g, "")}`.trim();
}

const module = "PUT /opa/v1/policies/p package p\nx := input.a\nsecret := data.secret";

describe("OPA's API in another server", () => {
  test("is for the token, all of it", async () => {
    const scene = await mount();
    assert.equal(await ask(scene, module, "sesame"), "200 {}");
    assert.equal(await ask(scene, 'PUT /opa/v1/data/secret "s"', "sesame"), "204");
    const decision = 'POST /opa/v1/data/p {"input":{"a":1}}';
    assert.equal(await ask(scene, decision, "sesame"), '200 {"result":{"secret":"s","x":1}}');
    assert.equal(await ask(scene, "GET /opa/health", "sesame"), "200 {}");
    assert.match(await ask(scene, "GET /opa/v2", "sesame"), /^404 404 page not found/);
    for (const presented of [undefined, "other"])
      for (const request of [
        decision,
        "GET /opa/v1/policies",
        "GET /opa/health",
        module,
        "DELETE /opa/v1/policies/p",
      ])
        assert.match(await ask(scene, request, presented), /^401 .*"unauthorized"/s, request);
    assert.equal(await ask(scene, "GET /other"), "200 other");
  });

  test("lets others ask what system.authz lets them, and change nothing", async () => {
    const scene = await mount();
    const authz =
      'package system.authz\nallow if { input.path == ["v1", "data", "p", "x"]; not input.identity }';
    await ask(scene, module, "sesame");
    assert.equal(await ask(scene, `PUT /opa/v1/policies/authz ${authz}`, "sesame"), "200 {}");
    assert.equal(await ask(scene, 'POST /opa/v1/data/p/x {"input":{"a":1}}'), '200 {"result":1}');
    assert.match(await ask(scene, "GET /opa/v1/data/secret"), /^500 .*authorization policy missing/s);
    const response = await fetch(`${scene.url}/opa/v1/data//p/x`, { redirect: "manual" });
    assert.equal(response.headers.get("location"), "/opa/v1/data/p/x");
    assert.match(await ask(scene, "PUT /opa/v1/data/p/x 1"), /^401 .*changes take the token/s);
    assert.match(await ask(scene, `PUT /opa/v1/policies/authz package system.authz\nallow := true`), /^401/);
  });

  test("keeps changes for the next start, and other servers see them", async () => {
    const keeper = memoryContentKeeper();
    const [one, other] = [await mount(keeper), await mount(keeper)];
    await ask(one, module, "sesame");
    await ask(one, 'PUT /opa/v1/data/secret {"n":1.10}', "sesame");
    const wanted = '200 {"result":{"secret":{"n":1.10}}}';
    await until(async () => (await ask(other, "GET /opa/v1/data/p", "sesame")) === wanted);
    assert.equal(await ask(await mount(keeper), "GET /opa/v1/data/p", "sesame"), wanted);
    const writes = [one, other, one, other].map((scene, i) =>
      ask(scene, `PUT /opa/v1/data/n/k${i} ${i}`, "sesame"),
    );
    assert.deepEqual(await Promise.all(writes), ["204", "204", "204", "204"]);
    const { data } = await keeper.read();
    assert.match(data, /"n":\{"k0":0,"k1":1,"k2":2,"k3":3\}/);
  });

  test("has no change that could not be kept, and no one sees it", async () => {
    const memory = memoryContentKeeper();
    let isOut = true;
    const keeper: ContentKeeper = {
      ...memory,
      replace: async (next) => {
        if (isOut) throw new Error("the disk is full");
        return memory.replace(next);
      },
    };
    const scene = await mount(keeper);
    assert.match(await ask(scene, "PUT /opa/v1/data/a 1", "sesame"), /^500/);
    assert.equal(await ask(scene, "GET /opa/v1/data/a", "sesame"), "200 {}");
    assert.match(
      await ask(scene, "PUT /opa/v1/policies/bad package bad\nx := y", "sesame"),
      /^400 .*unsafe/s,
    );
    isOut = false;
    assert.equal(await ask(scene, "PUT /opa/v1/data/a 1", "sesame"), "204");
    assert.equal(await ask(scene, "GET /opa/v1/data/a", "sesame"), '200 {"result":1}');
  });

  test("does not keep the server from starting when what is kept cannot be used, and says so", async () => {
    const keeper = memoryContentKeeper();
    await keeper.replace({ revision: 1, data: "{}", modules: new Map([["a", "package a\nx := y"]]) });
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const rego = await openMountedRego({ keeper, token, decisionsFile, say });
    assert.match(said.join(), /^policies: a:2: rego_unsafe_var_error/);
    await keeper.replace({ revision: 2, data: '{"b":1}', modules: new Map() });
    await until(() => rego.services.store.snapshot.hasDocument(["b"]));
    await rego.close();
  });

  test("logs decisions without what looks like a secret, and shows policies no network", async () => {
    const scene = await mount();
    const policy =
      'package q\nx := http.send({"method": "get", "url": "http://127.0.0.1:1/"})\ny := opa.runtime().env';
    await ask(scene, `PUT /opa/v1/policies/q ${policy}`, "sesame");
    const answer = await ask(scene, 'POST /opa/v1/data/q {"input":{"password":"hunter2"}}', "sesame");
    assert.equal(answer, '200 {"result":{"y":{}}}');
    await until(() =>
      /"path":"q".*"erased":\["\/input\/password"\]/.test(readFileSync(decisionsFile, "utf8")),
    );
    assert.doesNotMatch(readFileSync(decisionsFile, "utf8"), /hunter2/);
  });
});
