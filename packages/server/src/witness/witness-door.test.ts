import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { parseUtf8, toHex, utf8 } from "custody/ground";
import { verifyNote } from "custody/note";
import { Witness } from "custody/witness";
import { fastify } from "fastify";
import type { FastifyInstance } from "fastify";

import { crypto, memoryPorts } from "../../../custody/src/log/log.testing.ts";
import { growLog, makeWitnessPorts } from "../../../custody/src/witness/witness.testing.ts";
import { openWitnessDoor } from "./witness-door.ts";

const names = ["a", "b", "c", "d", "e"];
const ports = memoryPorts();
const log = await growLog(names, ports);
const fork = await growLog(["a", "x", "c", "d", "e"], { ...memoryPorts(), signer: ports.signer });
const stranger = await growLog(names, { ...memoryPorts(), origin: "stranger.example" });
const witnessPorts = makeWitnessPorts([log]);

let app: FastifyInstance;
before(() => {
  app = fastify();
  openWitnessDoor(app, new Witness(witnessPorts));
});
after(() => app.close());

async function post(body: Uint8Array, headers: Record<string, string> = {}) {
  const payload = Buffer.from(body);
  return app.inject({ method: "POST", url: "/add-checkpoint", payload, headers });
}

/** One row of the conversation: they follow each other on one witness. */
async function check(
  what: string,
  body: Uint8Array,
  expected: { status: number; type?: string; body?: string | RegExp },
) {
  const reply = await post(body);
  assert.equal(reply.statusCode, expected.status, `${what}: ${reply.body}`);
  assert.match(String(reply.headers["content-type"]), new RegExp(`^${expected.type ?? "text/plain"}`), what);
  if (typeof expected.body === "string") assert.equal(reply.body, expected.body, what);
  if (expected.body instanceof RegExp) assert.match(reply.body, expected.body, what);
}

const without = (body: Uint8Array, line: number) =>
  utf8(
    parseUtf8(body)
      .split("\n")
      .filter((_, i) => i !== line)
      .join("\n"),
  );
const cosigned = /^— w\.example [A-Za-z0-9+/=]+\n— w\.example [A-Za-z0-9+/=]+\n$/;

test("answers a log's requests as the protocol says, one after the other", async () => {
  await check("the first checkpoint", await log.ask(0, 1), { status: 200, body: cosigned });
  const badly = utf8(
    parseUtf8(await log.ask(1, 3)).replace(/(— \S+ .{20})(.)/, (_, a, b) => `${a}${b === "A" ? "B" : "A"}`),
  );
  await check("a bad signature", badly, { status: 403, body: /^invalid signature: / });
  await check("an unknown log", await stranger.ask(1, 3), { status: 404, body: /^unknown log: / });
  const unproven = without(await log.ask(1, 3), 1);
  await check("no proof", unproven, { status: 422, body: /^no good consistency proof: / });
  await check("a fork", await fork.ask(1, 3), { status: 200, body: cosigned });
  await check("the honest tree after its fork", await log.ask(3, 5), { status: 422 });
  await check("an old size that is not the last", await log.ask(1, 5), {
    status: 409,
    type: "text/x.tlog.size$",
    body: "3\n",
  });
  await check("another tree of the same size", await log.ask(3, 3), { status: 422 });
  await check("the same tree again", await fork.ask(3, 3), { status: 200, body: cosigned });
  await check("the next", await fork.ask(3, 5), { status: 200, body: cosigned });
  await check("an older one", await fork.ask(0, 3), { status: 409, type: "text/x.tlog.size$", body: "5\n" });
  await check("an old size above the new", utf8(parseUtf8(await log.ask(3, 3)).replace("old 3", "old 5")), {
    status: 400,
  });
  await check("nonsense", utf8("nonsense"), { status: 400 });
  await check("nothing", new Uint8Array(), { status: 400 });
});

test("its lines behind the checkpoint make a note that verifies with its keys", async () => {
  const reply = await post(await fork.ask(5, 5));
  const { signers } = await verifyNote(crypto, `${fork.checkpoints[5]}${reply.body}`, witnessPorts.keys);
  assert.equal(signers.length, 2);
});

test("shows the last cosigned checkpoint to monitors, and 404 for what it never cosigned", async () => {
  const hash = toHex(crypto.sha256(utf8(log.key.name)));
  const reply = await app.inject({ url: `/${hash}/checkpoint` });
  assert.equal(reply.statusCode, 200);
  const { signers } = await verifyNote(crypto, reply.body, [log.key, ...witnessPorts.keys]);
  assert.equal(signers.length, 3);
  for (const other of [toHex(crypto.sha256(utf8("stranger.example"))), hash.toUpperCase(), "x"]) {
    assert.equal((await app.inject({ url: `/${other}/checkpoint` })).statusCode, 404);
  }
});

test("takes any media type, and no body that is larger than a request can be", async () => {
  for (const type of ["text/plain", "application/json", "application/octet-stream"]) {
    assert.equal((await post(await fork.ask(5, 5), { "content-type": type })).statusCode, 200, type);
  }
  assert.equal((await post(new Uint8Array(256 * 1024 + 1))).statusCode, 413);
  assert.equal((await app.inject({ url: "/add-checkpoint" })).statusCode, 404);
});
