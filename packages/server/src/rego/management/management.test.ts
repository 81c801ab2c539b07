import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { readJson } from "custody/rego";
import { parseConfiguration } from "custody/rego/config";

import { check, serve } from "../rego.testing.ts";
import type { RegoServer } from "../index.ts";
import { archive, Service, until } from "./service.testing.ts";

const folder = mkdtempSync(join(tmpdir(), "custody-management-"));
after(() => rmSync(folder, { recursive: true }));

const polling = { min_delay_seconds: 0, max_delay_seconds: 0 };
const reporting = { trigger: "immediate" };

interface Managed {
  readonly server: RegoServer;
  readonly service: Service;
  readonly said: readonly string[];
}

/** A server with a configuration, whose one service is `acme`. */
async function manage(
  options: object,
  { service = new Service(), acme = {}, modules = [] as readonly string[], variables = {} } = {},
): Promise<Managed> {
  const url = await service.open();
  const given = { services: { acme: { url, ...acme } }, ...options };
  const configuration = parseConfiguration(readJson(JSON.stringify(given)));
  const said: string[] = [];
  const server = await serve({ configuration, modules, variables, say: (line) => void said.push(line) });
  return { server, service, said };
}

async function textOf({ server }: Managed, path: string): Promise<string> {
  return (await (await fetch(server.url + path)).text()).trim();
}

function becomes(managed: Managed, path: string, text: string): Promise<void> {
  return until(async () => (await textOf(managed, path)) === text);
}

describe("a configured bundle", () => {
  test("comes from its service, with headers and the token of a file as it is then", async () => {
    const service = new Service();
    await service.put("/bundles/authz", { "p.rego": "package p\nx := 1" }, "1");
    const file = join(folder, "token");
    writeFileSync(file, "first\n");
    const acme = { headers: { "X-Region": "west" }, credentials: { bearer: { token_path: file } } };
    const managed = await manage(
      { bundles: { authz: { polling } }, default_decision: "p/x" },
      { service, acme },
    );
    await becomes(managed, "/v1/data/p", '{"result":{"x":1}}');
    const [first] = service.asked;
    assert.deepEqual([first?.headers["authorization"], first?.headers["x-region"]], ["Bearer first", "west"]);
    writeFileSync(file, "second");
    await until(() => service.asked.at(-1)?.headers["authorization"] === "Bearer second");
    await check(managed.server, "POST / {}", "200 1");
    await check(
      managed.server,
      "GET /v1/config",
      /"default_decision":"p\/x".*"services":\{"acme":\{"headers"/,
    );
  });

  test("is kept for a start without its service, and only where it is asked for", async () => {
    const service = new Service();
    await service.put("/bundles/../a", { "p.rego": "package p\nx := 1" }, "1");
    service.gives.set("GET /a", service.gives.get("GET /bundles/../a") ?? assert.fail());
    const kept = {
      bundles: { "../a": { resource: "a", persist: true, polling } },
      persistence_directory: folder,
    };
    await becomes(await manage(kept, { service }), "/v1/data/p", '{"result":{"x":1}}');
    await until(() => existsSync(join(folder, "bundles/..%2Fa.tar.gz")));
    const alone = await manage(kept);
    await becomes(alone, "/v1/data/p", '{"result":{"x":1}}');
    await check(alone.server, "GET /v1/status", /"http_code":404/);
    const other = await manage({ ...kept, bundles: { "../a": { resource: "a", polling } } });
    await until(async () => (await textOf(other, "/v1/status")).includes('"http_code":404'));
    await check(other.server, "GET /v1/data/p", "200 {}");
  });

  test("counts only when it is signed as the configuration says", async () => {
    const key = { algorithm: "HS256", bytes: new TextEncoder().encode("secret") };
    const files = { "p.rego": "package p\nx := 1" };
    const keys = {
      other: { key: "another", algorithm: "HS256" },
      mine: { key: "secret", algorithm: "HS256" },
    };
    for (const [signing, expected] of [
      [undefined, '{"result":{"x":1}}'],
      [{ keyid: "mine" }, '{"result":{"x":1}}'],
      [{ keyid: "other" }, "{}"],
      [{ keyid: "mine", scope: "write" }, "{}"],
    ] as const) {
      const service = new Service();
      service.gives.set("GET /bundles/authz", { body: await archive(files, key) });
      const managed = await manage({ keys, bundles: { authz: { polling, signing } } }, { service });
      await until(async () =>
        /"code":"bundle_error"|"type":"snapshot"/.test(await textOf(managed, "/v1/status")),
      );
      assert.equal(await textOf(managed, "/v1/data/p"), expected, JSON.stringify(signing));
    }
  });

  test("is waited for where its service can be waited for", async () => {
    const service = new Service();
    const headers = { etag: "1", "content-type": "application/vnd.openpolicyagent.bundles" };
    service.gives.set("GET /bundles/authz", { headers, body: await archive({ "p.rego": "package p" }) });
    const long = { min_delay_seconds: 60, max_delay_seconds: 60, long_polling_timeout_seconds: 30 };
    await manage({ bundles: { authz: { polling: long } } }, { service });
    await until(() => service.asked.at(-1)?.headers["prefer"] === "modes=snapshot,delta;wait=30");
  });

  test("can be a file that is read again", async () => {
    const path = join(folder, "b.tar.gz");
    writeFileSync(path, await archive({ "p.rego": "package p\nx := 1" }));
    const managed = await manage({ bundles: { authz: { resource: `file://${path}`, polling } } });
    await becomes(managed, "/v1/data/p", '{"result":{"x":1}}');
    writeFileSync(path, await archive({ "p.rego": "package p\nx := 2" }));
    await becomes(managed, "/v1/data/p", '{"result":{"x":2}}');
  });
});

describe("reports to a service", () => {
  test("tell how it stands with bundles and the log, whenever that changes", async () => {
    const service = new Service();
    service.gives.set("POST /status/edge", {});
    const options = {
      labels: { app: "demo" },
      bundles: { authz: { polling: { min_delay_seconds: 60, max_delay_seconds: 60 } } },
      decision_logs: { reporting },
      status: { partition_name: "edge" },
    };
    const managed = await manage(options, { service });
    const last = (): string => service.bodies("POST /status/edge").at(-1) ?? "";
    await until(() => last().includes('"http_code":404'));
    const report = JSON.parse(last()) as Record<string, Record<string, unknown>>;
    assert.equal(report["labels"]?.["app"], "demo");
    assert.deepEqual(report["plugins"], {
      bundle: { state: "NOT_READY" },
      decision_logs: { state: "OK" },
      status: { state: "OK" },
    });
    const {
      last_request: at,
      message,
      ...bundle
    } = (report["bundles"]?.["authz"] ?? {}) as Record<string, unknown>;
    assert.match([at, message].join(" "), /^\d{4}-.*Z http:.*\/bundles\/authz answered 404$/);
    assert.deepEqual(bundle, {
      name: "authz",
      last_successful_activation: "0001-01-01T00:00:00Z",
      last_successful_download: "0001-01-01T00:00:00Z",
      last_successful_request: "0001-01-01T00:00:00Z",
      code: "bundle_error",
      http_code: 404,
    });

    await service.put("/bundles/authz", { ".manifest": '{"revision":"one"}', "p.rego": "package p" }, "1");
    await until(() => last().includes('"active_revision":"one"'));
    await check(managed.server, "GET /v1/data/p", /./);
    await until(() => last().includes('"code":"decision_log_error"'));
    service.gives.set("POST /logs", {});
    await until(() => last().includes('"written":1'));
    assert.match(service.bodies("POST /logs").at(-1) ?? "", /^\[\{"labels":\{"app":"demo".*"path":"p"/);
  });

  test("that nobody takes are told of", async () => {
    const { said } = await manage({ status: {} });
    await until(() => /^status: http:.*\/status answered 404$/.test(said[0] ?? ""));
  });

  test("of decisions that are lost at the end are told of", async () => {
    const { server, said } = await manage({ decision_logs: { reporting } });
    await check(server, "GET /v1/data/x", /^200/);
    await server.stop();
    assert.match(said.join("\n"), /^decision log: 1 decisions were lost: http:.*\/logs answered 404$/);
  });

  test("of decisions are masked, thinned and gathered as it says", async () => {
    const service = new Service();
    service.gives.set("POST /logs", {});
    const logs = { mask_decision: "/own/mask", drop_decision: "/own/drop" };
    const gathered = { min_delay_seconds: 60, max_delay_seconds: 60, max_decisions_per_second: 3 };
    const modules = ['package own\nmask := ["/input/a"]\ndrop if input.path == "dropped"'];
    const managed = await manage({ decision_logs: { ...logs, reporting: gathered } }, { service, modules });
    for (const path of ["dropped", "x", "x", "x", "x"])
      await check(managed.server, `POST /v1/data/${path} {"input":{"a":1,"b":2}}`, /^200/);
    await check(managed.server, "GET /v1/status", /"decision_logs":\{"written":0,"dropped":1\}/);
    assert.deepEqual(service.bodies("POST /logs"), []);
    await managed.server.stop();
    const [upload = "", ...more] = service.bodies("POST /logs");
    assert.deepEqual(more, []);
    const events = JSON.parse(upload) as readonly { readonly input: unknown }[];
    assert.deepEqual(
      events.map(({ input }) => input),
      [{ b: 2 }, { b: 2 }, { b: 2 }],
    );
  });
});
