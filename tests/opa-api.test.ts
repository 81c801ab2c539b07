import assert from "node:assert/strict";
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { LiveServer, makeFolder, makeServerDirectory, skip } from "./live.testing.ts";

describe("OPA's API of the server", { skip }, () => {
  let folder: string;
  let directory: string;
  let server: LiveServer;

  before(async () => {
    folder = await makeFolder("opa");
    directory = await makeServerDirectory(join(folder, "custody"));
    server = await LiveServer.start(directory);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(method: string, path: string, body?: string): Promise<string> {
    const token = readFileSync(join(directory, "token"), "utf8").trim();
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${server.url}/opa${path}`, {
      method,
      headers,
      ...(body !== undefined && { body }),
    });
    return `${response.status} ${(await response.text()).replace(/"decision_id":"[^"]*",/, "")}`.trim();
  }

  test("keeps policies and documents over the end of the server, and logs decisions", async () => {
    const policy = "package shop\nallow if input.user in data.staff";
    assert.equal(await ask("PUT", "/v1/policies/shop.rego", policy), "200 {}");
    assert.equal(await ask("PUT", "/v1/data/staff", '["ada"]'), "204");
    assert.equal((await fetch(`${server.url}/opa/v1/data/shop`)).status, 401);
    await server.stop();
    server = await LiveServer.start(directory);
    const input = '{"input":{"user":"ada","token":"hunter2"}}';
    assert.equal(await ask("POST", "/v1/data/shop/allow", input), '200 {"result":true}');
    await server.stop();
    const log = join(directory, "opa-decisions.jsonl");
    assert.match(readFileSync(log, "utf8"), /"path":"shop\/allow","input":\{"user":"ada"\},"result":true/);
    assert.equal(statSync(log).mode & 0o777, 0o600);
    server = await LiveServer.start(directory);
  });
});
