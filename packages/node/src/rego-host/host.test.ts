import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Worker } from "node:worker_threads";

import type { HttpAnswer, HttpOutcome, HttpRequest, TlsSettings } from "custody/rego";
import { privateKeyPem, selfSignedCertificate } from "custody/rego/certificate.testing";

import type { EchoPorts, EchoSettings } from "./echo-server.testing.ts";
import { openRegoHost } from "./index.ts";

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const certificate = selfSignedCertificate("server", pair);
const folder = mkdtempSync(join(tmpdir(), "rego-host-"));
const socketPath = join(folder, "echo.sock");
const settings: EchoSettings = { certificate, key: privateKeyPem(pair), socketPath };
const server = new Worker(new URL("./echo-server.testing.ts", import.meta.url), { workerData: settings });
const [ports] = (await once(server, "message")) as [EchoPorts];
const [plain, secure] = [`http://127.0.0.1:${ports.plain}`, `https://127.0.0.1:${ports.secure}`];

after(async () => {
  await server.terminate();
  rmSync(folder, { recursive: true });
});

const host = openRegoHost({ env: { CA: certificate }, sizeLimitBytes: 50_000, timeLimitMilliseconds: 5_000 });

function send(url: string, changes: Partial<HttpRequest> = {}): HttpOutcome {
  return host.send({
    method: "GET",
    url,
    headers: {},
    body: new Uint8Array(),
    timeoutMilliseconds: 0,
    followRedirects: false,
    retries: 0,
    ...changes,
  });
}

function answered(outcome: HttpOutcome): HttpAnswer {
  assert.ok(outcome.kind === "answer", JSON.stringify(outcome));
  return outcome;
}

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly client: string | null;
}

function echoed(outcome: HttpOutcome): Echo {
  return JSON.parse(new TextDecoder().decode(answered(outcome).body)) as Echo;
}

function tls(changes: Partial<TlsSettings>): { tls: TlsSettings } {
  const none = { insecure: false, serverName: undefined, useSystemAuthorities: false };
  return { tls: { ...none, authorities: [], clientPairs: [], ...changes } };
}

const text = (value: string): { kind: "text"; value: string } => ({ kind: "text", value });

test("a request arrives as it was made, and its answer comes back whole", () => {
  const body = new TextEncoder().encode("ä");
  const outcome = send(`${plain}/a?b=c`, { method: "POST", headers: { "X-A": "1" }, body });
  const { method, url, headers, body: sent } = echoed(outcome);
  assert.deepEqual([method, url, headers["x-a"], sent], ["POST", "/a?b=c", "1", "ä"]);
  const { status, statusText, headers: answers } = answered(outcome);
  assert.deepEqual([status, statusText], [200, "200 OK"]);
  assert.deepEqual(answers["content-type"], ["application/json; charset=utf-8"]);
});

test("what was compressed on the way comes out plain", () => {
  const { body, headers } = answered(send(`${plain}/packed`));
  assert.equal(new TextDecoder().decode(body), "plain");
  assert.equal(headers["content-encoding"], undefined);
});

test("redirects are followed on demand, and secrets stay with their host", () => {
  assert.equal(answered(send(`${plain}/moved`)).status, 302);
  const headers = { Authorization: "secret", "X-A": "1" };
  const body = new TextEncoder().encode("body");
  const request = { method: "POST", headers, body, followRedirects: true };
  const moved = echoed(send(`${plain}/moved`, request));
  assert.deepEqual([moved.method, moved.body, moved.headers["authorization"]], ["GET", "", "secret"]);
  const kept = echoed(send(`${plain}/kept`, request));
  assert.deepEqual([kept.method, kept.body], ["POST", "body"]);
  assert.deepEqual(send(`${plain}/loop`, request), {
    kind: "network",
    message: "stopped after 10 redirects",
  });
});

test("a redirect to another host loses its secrets", () => {
  const headers = { Authorization: "secret", "X-A": "1" };
  const seen = send(`${plain}/elsewhere`, { headers, followRedirects: true });
  if (seen.kind !== "answer") return; // localhost may mean ::1 only, where nobody listens
  assert.deepEqual([echoed(seen).headers["authorization"], echoed(seen).headers["x-a"]], [undefined, "1"]);
});

test("answers past the limits are refused", () => {
  const tooLarge = { kind: "network", message: "the answer has more than 50000 bytes" };
  assert.deepEqual(send(`${plain}/large`), tooLarge);
  assert.equal(send(`${plain}/bomb`).kind, "network");
  assert.equal(send(`${plain}/slow`, { timeoutMilliseconds: 50 }).kind, "timeout");
  assert.equal(send(`${plain}/slow`, { timeoutMilliseconds: 50, retries: 1 }).kind, "timeout");
});

test("a network that fails says why, as Go does", () => {
  for (const [url, message] of [
    ["http://127.0.0.1:1/x", "dial tcp 127.0.0.1:1: connect: connection refused"],
    [`${plain}/gone`, "EOF"],
    ["http://name.invalid/", "dial tcp: lookup name.invalid: no such host"],
    ["unix://localhost/?socket=/none", "dial unix /none: connect: no such file or directory"],
  ] as const) {
    assert.deepEqual(send(url), { kind: "network", message });
  }
});

test("a socket's path carries HTTP", () => {
  assert.equal(echoed(send(`unix://localhost/a?socket=${encodeURIComponent(socketPath)}&b=c`)).url, "/a?b=c");
});

test("a server is trusted through the authorities that a request names", () => {
  const file = join(folder, "ca.pem");
  writeFileSync(file, certificate);
  const unknown = "tls: failed to verify certificate: x509: certificate signed by unknown authority";
  assert.deepEqual(send(secure), { kind: "network", message: unknown });
  for (const authority of [
    text(certificate),
    { kind: "file", value: file },
    { kind: "variable", value: "CA" },
  ] as const)
    assert.equal(echoed(send(secure, tls({ authorities: [authority] }))).client, null);
  assert.equal(answered(send(secure, tls({ insecure: true }))).status, 200);
  const system = send(secure, tls({ authorities: [text(certificate)], useSystemAuthorities: true }));
  assert.equal(answered(system).status, 200);
});

test("a server must have the name that was asked for", () => {
  const authorities = [text(certificate)];
  assert.equal(send(secure, tls({ authorities, serverName: "localhost" })).kind, "answer");
  assert.deepEqual(send(secure, tls({ authorities, serverName: "a.example" })).kind, "network");
});

test("a client shows its certificate", () => {
  const client = generateKeyPairSync("ed25519");
  const own = {
    certificate: text(selfSignedCertificate("client", client)),
    key: text(privateKeyPem(client)),
  };
  const request = tls({ authorities: [text(certificate)], clientPairs: [own] });
  assert.equal(echoed(send(secure, request)).client, "client");
});

test("settings that cannot be used say why", () => {
  const key = text(privateKeyPem(pair));
  const none = { kind: "variable", value: "NONE" } as const;
  const file = { kind: "file", value: "/none" } as const;
  for (const [changes, message] of [
    [{ authorities: [text("x")] }, "could not append certificates"],
    [{ authorities: [file] }, "open /none: no such file or directory"],
    [
      { authorities: [none] },
      'could not add CA certificates from envvar "NONE": could not append certificates',
    ],
    [
      { clientPairs: [{ certificate: none, key: none }] },
      'cannot extract public/private key pair from envvars "NONE", "NONE": tls: failed to find any PEM data in certificate input',
    ],
    [{ clientPairs: [{ certificate: key, key: text("") }] }, "tls: failed to find any PEM data in key input"],
    [{ clientPairs: [{ certificate: key, key }] }, "tls: private key does not match public key"],
  ] as const) {
    assert.deepEqual(send(secure, tls(changes)), { kind: "settings", message });
  }
});

test("names have addresses, or an error", () => {
  assert.ok(host.lookupAddresses("localhost").some((address) => ["127.0.0.1", "::1"].includes(address)));
  assert.throws(() => host.lookupAddresses("name.invalid"), { message: "lookup name.invalid: no such host" });
});

test("the clock counts nanoseconds, and chance is as long as asked for", () => {
  const apart = host.now() - BigInt(Date.now()) * 1_000_000n;
  assert.ok(apart > -1_000_000_000n && apart < 1_000_000_000n);
  assert.equal(host.randomBytes(16).length, 16);
});

test("the runtime shows no environment but the one it was given", () => {
  const shown = { commit: "", version: "1.19.0", authorization_enabled: false };
  assert.deepEqual(openRegoHost().runtime(), { ...shown, env: {} });
  assert.deepEqual(openRegoHost({ env: { A: "1", B: undefined } }).runtime(), { ...shown, env: { A: "1" } });
});

test("the thread of the network lets the process end", () => {
  const script = `
    const { openRegoHost } = await import(${JSON.stringify(import.meta.resolve("./index.ts"))});
    console.log(openRegoHost().lookupAddresses("127.0.0.1").join());`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    timeout: 20_000,
  });
  assert.equal(output, "127.0.0.1\n");
});
