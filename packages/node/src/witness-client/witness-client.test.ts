import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { CustodyError, utf8 } from "custody/ground";
import { openLog } from "custody/log";
import type { CosignRequest } from "custody/log";
import { checkQuorum, formatVerifierKey, parseWitnessPolicy, verifyCheckpoint } from "custody/note";
import { Witness } from "custody/witness";

import { memoryPorts } from "../../../custody/src/log/log.testing.ts";
import { growLog, makeWitnessPorts } from "../../../custody/src/witness/witness.testing.ts";
import { openHttpWitnesses } from "./index.ts";

const names = Array.from({ length: 9 }, (_, i) => `entry ${i}`);
const ports = memoryPorts();
const log = await growLog(names, ports);
const servers: Server[] = [];
after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener, port = 0): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const statuses = {
  cosigned: 200,
  malformed: 400,
  unsigned: 403,
  "unknown-log": 404,
  conflict: 409,
  inconsistent: 422,
};

/** A real witness behind the smallest door. */
function answering(witness: Witness): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void witness.addCheckpoint(Buffer.concat(chunks)).then((answer) => {
        const type = answer.kind === "conflict" ? "text/x.tlog.size" : "text/plain";
        response.writeHead(statuses[answer.kind], { "content-type": type });
        return response.end("lines" in answer ? answer.lines : "size" in answer ? `${answer.size}\n` : "");
      });
    });
  };
}

function makeOne(followed = [log]) {
  const given = makeWitnessPorts(followed);
  return { witness: new Witness(given), vkey: formatVerifierKey(given.keys[0]!), keys: given.keys };
}

async function requestFor(size: number): Promise<CosignRequest> {
  const grown = await openLog(memoryPorts());
  for (const name of names.slice(0, size)) await grown.append(utf8(name));
  const checkpoint = await verifyCheckpoint(nodeCrypto, log.checkpoints[size]!, {
    origin: log.key.name,
    logKey: log.key,
  });
  return { checkpoint, prove: async (older) => (await grown.proveConsistency(older)).hashes };
}

const policyOf = (rows: readonly (readonly [string, string])[], quorum: string) =>
  parseWitnessPolicy(
    nodeCrypto,
    utf8(
      `${rows.map(([vkey, url], i) => `witness w${i} ${vkey} ${url}\n`).join("")}group g ${quorum} ${rows
        .map((_, i) => `w${i}`)
        .join(" ")}\nquorum g\n`,
    ),
  );

async function check(
  rows: readonly (readonly [string, string])[],
  quorum: string,
  expected: { cosignatures?: number; reason?: RegExp; size?: number },
) {
  const policy = policyOf(rows, quorum);
  const deadlineMilliseconds = expected.reason ? 1000 : 10_000;
  const witnesses = openHttpWitnesses({
    crypto: nodeCrypto,
    policy,
    deadlineMilliseconds,
    extraMilliseconds: 30,
  });
  const started = performance.now();
  try {
    const note = await witnesses.cosign(await requestFor(expected.size ?? 5));
    const verdict = await checkQuorum(nodeCrypto, note, policy);
    assert.ok(verdict.kind === "allowed");
    assert.equal(verdict.facts.length, expected.cosignatures);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    assert.equal(error.code, "log/not-witnessed");
    assert.match(JSON.stringify(error.details), expected.reason ?? /^$/);
  }
  assert.ok(performance.now() - started < deadlineMilliseconds + 5000, "it takes no longer than it may");
}

const nowhere = "http://127.0.0.1:9";
const hanging: RequestListener = () => undefined;
const rowOf = async (one = makeOne()): Promise<readonly [string, string]> => [
  one.vkey,
  await serve(answering(one.witness)),
];

test("gathers what all witnesses give, and is content with a quorum where some are away or slow", async () => {
  await check([await rowOf(), await rowOf(), await rowOf()], "all", { cosignatures: 3 });
  await check([await rowOf(), await rowOf(), [makeOne().vkey, nowhere]], "2", { cosignatures: 2 });
  await check([await rowOf(), await rowOf(), [makeOne().vkey, await serve(hanging)]], "2", {
    cosignatures: 2,
  });
});

test("says who did not cosign, and why, when there are not enough", async () => {
  const away = [makeOne().vkey, nowhere] as const;
  await check([await rowOf(), away], "all", { reason: /127\.0\.0\.1:9: it cannot be reached/ });
  await check([await rowOf(), [makeOne().vkey, await serve(hanging)]], "all", { reason: /\[\]/ });
  await check([await rowOf(makeOne([]))], "all", { reason: /answered 404/ });
});

test("asks again until the deadline: a witness that comes back in time counts", async () => {
  const { witness, vkey } = makeOne();
  const url = await serve(hanging);
  const port = Number(new URL(url).port);
  const server = servers.at(-1)!;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  setTimeout(() => void serve(answering(witness), port), 200);
  await check([[vkey, url]], "all", { cosignatures: 1 });
});

test("asks from the size that the witness has, and gives up where that is above the log's", async () => {
  const one = makeOne();
  assert.equal((await one.witness.addCheckpoint(await log.ask(0, 3))).kind, "cosigned");
  const row = await rowOf(one);
  await check([row], "all", { cosignatures: 1 });
  await check([row], "all", { cosignatures: 1 });
  await check([row], "all", { size: 4, reason: /has cosigned 5 entries, and this checkpoint has 4/ });
});

test("keeps in mind which size the witness has", async () => {
  const { witness, vkey } = makeOne();
  let requests = 0;
  const door = answering(witness);
  const url = await serve((request, response) => {
    requests++;
    door(request, response);
  });
  const witnesses = openHttpWitnesses({ crypto: nodeCrypto, policy: policyOf([[vkey, url]], "all") });
  for (const size of [3, 5, 9]) await witnesses.cosign(await requestFor(size));
  assert.equal(requests, 3);
});

test("takes both kinds of cosignature from one request, each as the witness that the policy says", async () => {
  const one = makeOne();
  const url = await serve(answering(one.witness));
  const rows = one.keys.map((key) => [formatVerifierKey(key), url] as const);
  await check(rows, "all", { cosignatures: 2 });
});

test("takes nothing for a cosignature that is none", async () => {
  const other = makeOne();
  const { vkey } = makeOne();
  const say =
    (status: number, body: string, type = "text/plain"): RequestListener =>
    (request, response) => {
      request.resume();
      response.writeHead(status, { "content-type": type, location: nowhere }).end(body);
    };
  const rows: [RequestListener, RegExp][] = [
    [answering(other.witness), /no key of the policy/],
    [say(200, ""), /no signature line/],
    [say(200, "<html>"), /no signature line/],
    [say(200, `— w.example ${"A".repeat(100)}\n\n— w.example AAAAAAAA\n`), /no signature line/],
    [say(200, "x".repeat(300_000)), /too large/],
    [say(302, ""), /cannot be reached/],
    [say(409, "x\n", "text/x.tlog.size"), /409 without its size/],
    [say(409, "1\n"), /409 without its size/],
    [say(409, "1\n", "text/x.tlog.size"), /keeps changing|answered/],
    [say(500, "no"), /answered 500/],
  ];
  for (const [listener, reason] of rows) await check([[vkey, await serve(listener)]], "all", { reason });
});

test("does not begin with witnesses that cannot reach the quorum", () => {
  const policy = parseWitnessPolicy(nodeCrypto, utf8(`witness w ${makeOne().vkey}\nquorum w\n`));
  assert.throws(() => openHttpWitnesses({ crypto: nodeCrypto, policy }), { code: "witness/policy" });
  openHttpWitnesses({ crypto: nodeCrypto, policy: parseWitnessPolicy(nodeCrypto, utf8("quorum none\n")) });
});
