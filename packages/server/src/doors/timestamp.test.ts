import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { makeTrust } from "custody/authority/attestor.testing";
import type { TestTrust } from "custody/authority/attestor.testing";
import { fastify } from "fastify";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";

import { problemOf } from "../problem.ts";
import { openTimestampDoor } from "./timestamp.ts";

const folder = mkdtempSync(join(tmpdir(), "custody-tsa-"));
after(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const skip = spawnSync("openssl", ["version"]).status === 0 ? false : "needs openssl";

let trust: TestTrust;
let app: FastifyInstance;
before(async () => {
  trust = await makeTrust();
  trust.clock.set(Date.now());
  app = fastify();
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error);
    return reply.code(problem.status).send(problem);
  });
  const { ports: authority, authorities } = trust;
  await app.register(async (door) =>
    openTimestampDoor(door, {
      authority,
      timestamp: authorities.timestamp,
      chain: [authorities.timestamp.certificate, ...authorities.trustedRoot.timestampAuthorities[0]!.chain],
    }),
  );
});
after(() => app.close());

function ask(
  payload: Buffer | string,
  type = "application/timestamp-query",
): Promise<LightMyRequestResponse> {
  return app.inject({ method: "POST", url: "/api/v1/timestamp", headers: { "content-type": type }, payload });
}

function openssl(...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync("openssl", [...args], { cwd: folder, encoding: "utf8" });
  return stdout + stderr;
}

function writePem(name: string, der: Uint8Array): void {
  const body = Buffer.from(der).toString("base64").replace(/.{64}/g, "$&\n");
  writeFileSync(path(name), `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`);
}

describe("RFC 3161 over HTTP, asked by openssl", { skip }, () => {
  before(() => {
    const [authority] = trust.authorities.trustedRoot.timestampAuthorities;
    writePem("signer.pem", authority!.signingCertificate.der);
    writePem("root.pem", authority!.chain.at(-1)!.der);
    writeFileSync(path("data"), "some data");
  });

  for (const hash of ["sha256", "sha384", "sha512"]) {
    for (const more of [[], ["-cert"], ["-no_nonce"]]) {
      test(`stamps ${[hash, ...more].join(" ")}`, async () => {
        openssl("ts", "-query", "-data", "data", `-${hash}`, ...more, "-out", "query");
        const answer = await ask(readFileSync(path("query")));
        assert.deepEqual(
          [answer.statusCode, answer.headers["content-type"]],
          [200, "application/timestamp-reply"],
        );
        writeFileSync(path("reply"), answer.rawPayload);
        const verify = ["ts", "-verify", "-in", "reply", "-queryfile", "query", "-CAfile", "root.pem"];
        const chain = more.includes("-cert") ? [] : ["-untrusted", "signer.pem"];
        assert.match(openssl(...verify, ...chain), /Verification: OK/);
        writeFileSync(path("other"), "other data");
        openssl("ts", "-query", "-data", "other", `-${hash}`, ...more, "-out", "query");
        assert.match(openssl(...verify, ...chain), /Verification: FAILED/, "of other data");
      });
    }
  }

  test("the chain that it serves is what openssl verifies its stamps with", async () => {
    openssl("ts", "-query", "-data", "data", "-sha256", "-out", "query");
    writeFileSync(path("reply"), (await ask(readFileSync(path("query")))).rawPayload);
    const { body, headers } = await app.inject("/api/v1/timestamp/certchain");
    assert.equal(headers["content-type"], "application/pem-certificate-chain");
    writeFileSync(path("chain.pem"), body);
    const verify = ["ts", "-verify", "-in", "reply", "-queryfile", "query", "-CAfile", "chain.pem"];
    assert.match(openssl(...verify, "-untrusted", "chain.pem"), /Verification: OK/);
    writeFileSync(path("short.pem"), body.slice(0, body.indexOf("-----END") + 26));
    assert.match(openssl(...verify.slice(0, -1), "short.pem"), /Verification: FAILED/, "the control");
  });

  test("rejects hashes, policies and texts that it does not know, in the protocol's words", async () => {
    const rejected = async (...args: readonly string[]): Promise<string> => {
      openssl("ts", "-query", "-data", "data", ...args, "-out", "query");
      const answer = await ask(readFileSync(path("query")));
      assert.equal(answer.statusCode, 200);
      writeFileSync(path("reply"), answer.rawPayload);
      return openssl("ts", "-reply", "-in", "reply", "-text");
    };
    assert.match(await rejected("-sha1"), /Status: Rejected.[\s\S]*unrecognized or unsupported algorithm/);
    assert.match(await rejected("-sha256", "-tspolicy", "1.2.3.4"), /Rejected[\s\S]*policy is not supported/);
    for (const payload of ["", "junk", Buffer.from("30030201", "hex")]) {
      writeFileSync(path("reply"), (await ask(payload)).rawPayload);
      assert.match(
        openssl("ts", "-reply", "-in", "reply", "-text"),
        /Rejected[\s\S]*data submitted has the wrong format/,
      );
    }
  });
});

test("answers Sigstore's clients, who ask in JSON", async () => {
  const digest = createHash("sha256").update("signature").digest();
  const question = {
    artifactHash: digest.toString("base64"),
    hashAlgorithm: "sha256",
    certificates: true,
    nonce: 300,
  };
  const answer = await ask(JSON.stringify(question), "application/json");
  assert.equal(answer.statusCode, 201);
  assert.ok(answer.rawPayload.includes(digest));
  assert.ok(answer.rawPayload.includes(Buffer.from("0202012c", "hex")), "the nonce comes back");
});

test("refuses JSON that asks for nothing, and says what is amiss with it", async () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ["{}", /badDataFormat: artifactHash: /],
    ["[", /json\/syntax/],
    ['{"artifactHash":"AA==","hashAlgorithm":"sha256"}', /the digest has 1 bytes, and not 32/],
    ['{"artifactHash":"x!","hashAlgorithm":"sha256"}', /badDataFormat: artifactHash: /],
    ['{"artifactHash":"AA==","hashAlgorithm":"md5"}', /badDataFormat: hashAlgorithm: /],
    ['{"artifactHash":"AA==","hashAlgorithm":"sha256","nonce":-1}', /badDataFormat: nonce: /],
  ];
  for (const [value, said] of rows) {
    const { statusCode, body } = await ask(value, "application/json");
    assert.equal(statusCode, 400, value);
    assert.match(body, said);
  }
  assert.equal((await ask("x".repeat(20_000))).statusCode, 413);
  const other = await ask("x", "text/plain");
  assert.equal(other.statusCode, 415);
  assert.match(other.body, /send application\/timestamp-query or application\/json/);
});
