import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

import { serveRegistry } from "../packages/server/src/doors/registry.testing.ts";

const top = join(import.meta.dirname, "..");
const main = join(top, "packages/cli/src/main.ts");
const shell = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "custody-serve-"));
cpSync(join(top, "examples/policies"), join(folder, "policies"), { recursive: true });
after(() => rmSync(folder, { recursive: true }));

interface Serving {
  readonly url: string;
  /** Its exit code, after SIGTERM. */
  stop(): Promise<unknown>;
}

function start(words: string): ChildProcess {
  const args = [main, "rego", "serve", "--addr", "127.0.0.1:0", ...words.split(" ")];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  after(() => child.kill("SIGKILL"));
  return child;
}

/** Starts a server; it says on standard error where it is. */
async function serve(words: string): Promise<Serving> {
  const child = start(words);
  const [line] = (await once(child.stderr ?? assert.fail(), "data")) as [Buffer];
  const stop = async (): Promise<unknown> => {
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [unknown];
    return code;
  };
  return { url: String(line).trim(), stop };
}

/** What a server says that does not start, and how it ends. */
async function check(words: string, message: RegExp): Promise<void> {
  const child = start(words);
  const parts: string[] = [];
  child.stderr?.on("data", (part) => parts.push(String(part)));
  const [code] = (await once(child, "close")) as [unknown];
  assert.match(parts.join(""), message);
  assert.equal(code, 2, words);
}

async function ask(url: string, path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url + path, init);
  return `${response.status} ${await response.text()}`.trim();
}

describe("custody rego serve", () => {
  test("answers for policies and data, and stops at once", async () => {
    const server = await serve("policies");
    assert.equal(await ask(server.url, "/v1/data/people/ada/roles"), '200 {"result":["reader"]}');
    const body = JSON.stringify({ input: {} });
    assert.match(
      await ask(server.url, "/v1/data/authz/allow", { method: "POST", body }),
      /^200 \{"result":false\}$/,
    );
    const begin = performance.now();
    assert.equal(await server.stop(), 0);
    assert.ok(performance.now() - begin < 2000);
  });

  test("logs decisions to a file that is its owner's, whole when it ends", async () => {
    const server = await serve("policies --log-decisions decisions.jsonl");
    await ask(server.url, "/v1/data/authz", { method: "POST", body: '{"input":{"password":"hunter2"}}' });
    assert.equal(await server.stop(), 0);
    const log = join(folder, "decisions.jsonl");
    const [line = ""] = readFileSync(log, "utf8").split("\n");
    assert.match(line, /"path":"authz","input":\{\}.*"erased":\["\/input\/password"\]/);
    assert.equal(statSync(log).mode & 0o777, 0o600);
  });

  test("lets in who has a token, and whom the policy allows", async () => {
    writeFileSync(join(folder, "tokens"), "one\ntwo\n");
    writeFileSync(
      join(folder, "authz.rego"),
      'package system.authz\ndefault allow := false\nallow if input.identity == "two"\n',
    );
    const server = await serve("authz.rego --authentication token --authorization basic --token-file tokens");
    const as = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });
    assert.match(await ask(server.url, "/health", as("two")), /^200/);
    assert.match(await ask(server.url, "/health", as("one")), /^401 .*administrative policy/s);
    assert.match(await ask(server.url, "/health", as("three")), /^401 .*no valid token/s);
    assert.equal(await server.stop(), 0);
  });

  test("runs on a configuration of OPA, with settings over it", async () => {
    writeFileSync(
      join(folder, "opa.yaml"),
      "labels: {app: '${CUSTODY_TEST_NONE}', zone: a}\ndefault_decision: authz/allow\nbundles: {people: {resource: 'file:///none'}}\n",
    );
    writeFileSync(join(folder, "zone"), "b\n");
    const words = "policies -c opa.yaml --set bundles=null,status.console=true --set-file labels.zone=zone";
    const server = await serve(words);
    const config = await ask(server.url, "/v1/config");
    assert.match(
      config,
      /"labels":\{"app":"\$\{CUSTODY_TEST_NONE\}","id":"[^"]+","version":"[^"]+","zone":"b"\}/,
    );
    assert.doesNotMatch(config, /bundles/);
    assert.equal(await ask(server.url, "/", { method: "POST", body: "{}" }), "200 false");
    assert.equal(await server.stop(), 0);
  });

  test("takes a bundle from a registry that another command pushed it to", async () => {
    const registry = await serveRegistry();
    writeFileSync(join(folder, "password"), "word\n");
    const run = async (words: string): Promise<string> =>
      (await shell(process.execPath, [main, "rego", ...words.split(" ")], { cwd: folder })).stdout;
    const reference = `${new URL(registry).host}/policies/authz:1`;
    await run("build policies -o authz.tar.gz");
    const words = `push authz.tar.gz ${reference} --plain-http --password-file password`;
    assert.match(await run(words), /^127\.0\.0\.1:\d+\/policies\/authz@sha256:[0-9a-f]{64}\n$/);
    await assert.rejects(run(words.replace("authz.tar.gz", "password")), { code: 2 });
    writeFileSync(
      join(folder, "oci.yaml"),
      `services: {images: {url: "${registry}", type: oci}}\nbundles: {authz: {resource: "${reference}"}}\n`,
    );
    const server = await serve("--config-file oci.yaml");
    while ((await ask(server.url, "/health?bundles")) !== "200 {}") await wait(50);
    assert.equal(await ask(server.url, "/v1/data/people/ada/roles"), '200 {"result":["reader"]}');
    assert.equal(await server.stop(), 0);
  });

  test("does not start on what is wrong", async () => {
    writeFileSync(join(folder, "bad.rego"), "package bad\nx := y");
    await check("bad.rego", /bad\.rego:2: rego_unsafe_var_error: var y is unsafe/);
    await check("none.rego", /none\.rego: no such file or directory/);
    await check(
      "--bundle policies --verification-key secret --signing-alg HS256",
      /bundle missing \.signatures\.json/,
    );
    await check("policies --token-file authz.rego2", /authz\.rego2/);
    await check("policies --addr nonsense", /is not host:port/);
    await check("policies --set bundels.a.service=b", /unknown option bundels/);
    const both = "policies --log-decisions stdout --set decision_logs.console=true";
    await check(both, /decisions are logged by --log-decisions and by the configuration/);
  });
});
