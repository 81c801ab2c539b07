import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { readJson } from "custody/rego";
import { parseConfiguration } from "custody/rego/config";

import { check, serve } from "../rego.testing.ts";
import type { RegoServer } from "../index.ts";
import { Service, until } from "./service.testing.ts";

const polling = { min_delay_seconds: 0, max_delay_seconds: 0 };

interface Discovering {
  readonly server: RegoServer;
  readonly service: Service;
  /** Puts a configuration in the place of the one before. */
  readonly discover: (configuration: object | string, tag: string) => Promise<void>;
}

async function discovering(boot: object = {}, discovery: object = {}): Promise<Discovering> {
  const service = new Service();
  const url = await service.open();
  const given = {
    services: { acme: { url } },
    discovery: { resource: "/discovery", polling, ...discovery },
    ...boot,
  };
  const configuration = parseConfiguration(readJson(JSON.stringify(given)));
  const variables = { REGION: "west" };
  const server = await serve({ configuration, variables, modules: ["package own\nx := 1"] });
  const discover = async (found: object | string, tag: string): Promise<void> => {
    const files = typeof found === "string" ? { "c.rego": found } : { "data.json": JSON.stringify(found) };
    await service.put("/discovery", { ".manifest": JSON.stringify({ revision: tag }), ...files }, tag);
  };
  return { server, service, discover };
}

function textOf({ server }: Discovering, path: string): Promise<string> {
  return fetch(server.url + path).then(async (response) => (await response.text()).trim());
}

function bundle(x: number): Readonly<Record<string, string>> {
  return { ".manifest": '{"roots":["p"]}', "p.rego": `package p\nx := ${x}` };
}

describe("a configuration from a bundle", () => {
  test("takes the place of the one before, and no request is lost meanwhile", async () => {
    const scene = await discovering();
    const { server, service, discover } = scene;
    await check(server, "GET /health?plugins", '500 {"error":"one or more plugins are not up"}');
    await service.put("/a", bundle(1), "1");
    await service.put("/b", bundle(2), "1");
    service.gives.set("POST /status", {});
    const bundles = (resource: string): object => ({ bundles: { p: { resource, polling } } });

    await discover({ ...bundles("a"), status: {}, labels: { app: "demo" } }, "one");
    await until(async () => (await textOf(scene, "/v1/data/p/x")) === '{"result":1}');
    await check(server, "GET /health?plugins&bundles", "200 {}");
    await check(server, "GET /v1/config", /"bundles":\{"p":.*"labels":\{"app":"demo"/);

    const values = new Set<string>();
    const ended = new AbortController();
    const asking = (async () => {
      while (!ended.signal.aborted) values.add(await textOf(scene, "/v1/data/p/x"));
    })();
    await discover(bundles("b"), "two");
    await until(async () => (await textOf(scene, "/v1/data/p/x")) === '{"result":2}');
    ended.abort();
    await asking;
    assert.deepEqual([...values], ['{"result":1}', '{"result":2}']);
    const count = service.bodies("POST /status").length;
    assert.ok(count > 0);

    await discover({}, "three");
    await until(async () => (await textOf(scene, "/v1/data/p")) === "{}");
    await check(server, "GET /v1/data/own/x", '200 {"result":1}');
    await check(server, "GET /v1/status", /"discovery":\{"name":"discovery","active_revision":"three"/);
  });

  test("that cannot be run leaves the one before as it is", async () => {
    const open = await discovering();
    await open.service.put("/a", bundle(1), "1");
    const good = { bundles: { p: { resource: "a", polling } } };
    await open.discover(good, "good");
    await until(async () => (await textOf(open, "/v1/data/p/x")) === '{"result":1}');
    for (const [i, [bad, message]] of (
      [
        [{ bundels: {} }, "unknown option bundels"],
        [{ bundles: { q: { service: "none" } } }, "there is no service none"],
        [{ services: { acme: { headers: { a: "b" } } } }, "updates to the discovery service are not allowed"],
        [{ keys: { k: { key: "none", algorithm: "RS256" } }, ...good }, "keys.k: it is no public key in PEM"],
        ["package c\nx := y", "compiling module"],
      ] as const
    ).entries()) {
      await open.discover(bad, `bad ${i}`);
      await until(async () => (await textOf(open, "/v1/status")).includes(message));
      assert.equal(await textOf(open, "/v1/data/p/x"), '{"result":1}', message);
    }
    await open.discover(good, "better");
    await until(async () => (await textOf(open, "/v1/status")).includes('"active_revision":"better"'));
  });

  test("may be made by policies, from the labels and variables that there are", async () => {
    const labels = { region: "north" };
    const scene = await discovering({ labels }, { decision: "c/config" });
    const policy = `package c
config := {"labels": {"region": "south", "env": env, "of": of, "name": "\${REGION}", "none": "\${NONE}"}, "default_decision": "own/x"} if {
	env := opa.runtime().env.REGION
	of := opa.runtime().config.labels.region
}`;
    await scene.discover(policy, "1");
    await until(async () => (await textOf(scene, "/v1/config")).includes('"default_decision":"own/x"'));
    const { result } = JSON.parse(await textOf(scene, "/v1/config")) as { result: { labels: object } };
    const { id: _, version: __, ...shown } = result.labels as Record<string, string>;
    assert.deepEqual(shown, { env: "west", name: "west", none: "${NONE}", of: "north", region: "north" });
    await check(scene.server, "POST / {}", "200 1");
    const note = "Keys in the discovered configuration overridden by boot configuration: labels.region";
    assert.match(await textOf(scene, "/v1/status"), new RegExp(note));
    await scene.discover("package c\nother := 1", "2");
    await until(async () =>
      (await textOf(scene, "/v1/status")).includes("undefined configuration: data.c.config"),
    );
  });
});
