import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, beforeEach, describe, test } from "node:test";

import type { NumberedEvent } from "@custody/node/control-store";
import type { Delivery } from "custody/control";
import { instantOf } from "custody/ground";
import fastifyCookie from "@fastify/cookie";
import { fastify } from "fastify";
import type { FastifyInstance, FastifyRequest } from "fastify";

import { problemOf } from "../problem.ts";
import { ChangeFeed } from "./change-feed.ts";
import { openStreamDoor } from "./stream-door.ts";
import type { StreamPorts } from "./stream-door.ts";
import { StreamSlots } from "./stream-slots.ts";

const id = "d1";
let app: FastifyInstance;
let changes: ChangeFeed;
let notify: (payload: string | undefined) => void;
let phase: Delivery["phase"];
let events: NumberedEvent[];
let eventsOfPage: number;
let pages: number;
let limits: { slots: StreamSlots; heartbeatMilliseconds: number };
let signedIn: Set<string>;
/** What the server waits for before it answers, as for a look at the session. */
let lookUp: (request: FastifyRequest) => Promise<unknown>;

beforeEach(async () => {
  eventsOfPage = 100;
  pages = 0;
  limits = { slots: new StreamSlots(), heartbeatMilliseconds: 15_000 };
  signedIn = new Set();
  lookUp = async () => undefined;
  phase = "steps";
  events = [];
  changes = new ChangeFeed();
  await changes.start({
    listen: async (_channel, hear) => {
      notify = hear;
      return async () => undefined;
    },
  });
  app = fastify({ forceCloseConnections: true });
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error);
    return reply.code(problem.status).send(problem);
  });
  await app.register(fastifyCookie);
  app.addHook("onRequest", async (request) => void (await lookUp(request)));
  const find = async (secret: string | undefined) =>
    secret !== undefined && signedIn.has(secret) ? instantOf(0) : undefined;
  const ports: StreamPorts = {
    changes,
    session: { sessions: { find }, publicUrl: () => "http://127.0.0.1:7080" },
    findDelivery: async (asked) => (asked === id ? deliveryNow() : undefined),
    async listEvents(_delivery, after) {
      pages++;
      return events.filter(({ number }) => number > after).slice(0, eventsOfPage);
    },
  };
  openStreamDoor(app, ports, limits);
  await app.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(() => app.close());

const signedInAs = (secret: string) => ({ cookie: `custody_session_7080=${secret}` });

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A connection that has asked for a stream, and reads nothing. */
function ask(path: string, headers: Record<string, string> = {}): Socket {
  const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1").pause();
  const lines = Object.entries({ host: "x", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on("error", () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  return socket;
}

function deliveryNow(): Delivery {
  const state = {} as Delivery["state"];
  const commit = "0".repeat(40) as Delivery["commit"];
  return { id, repository: "hello", commit, ref: "main", phase, epoch: 1, state, createdAt: instantOf(0) };
}

function add(message: string): void {
  const number = events.length + 1;
  events.push({ number, delivery: id, phase: "steps", kind: "progress", message, at: instantOf(number) });
}

/** The events of a stream, one after the other. */
async function* follow(
  path: string,
  headers: Record<string, string> = {},
): AsyncGenerator<Record<string, string>> {
  const ending = new AbortController();
  try {
    const response = await fetch(app.listeningOrigin + path, { headers, signal: ending.signal });
    assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
    let rest = "";
    for await (const chunk of response.body ?? []) {
      rest += Buffer.from(chunk as Uint8Array).toString();
      const parts = rest.split("\n\n");
      rest = parts.pop() ?? "";
      yield* parts.filter((part) => !part.startsWith(":")).map(fieldsOf);
    }
  } finally {
    ending.abort();
  }
}

function fieldsOf(part: string): Record<string, string> {
  return Object.fromEntries(part.split("\n").map((line) => line.split(": ") as [string, string]));
}

async function take(
  stream: AsyncGenerator<Record<string, string>>,
  count: number,
): Promise<Record<string, string>[]> {
  const taken: Record<string, string>[] = [];
  while (taken.length < count) taken.push((await stream.next()).value as Record<string, string>);
  return taken;
}

describe("a delivery's stream", () => {
  test("tells what has happened, then what happens, then that it ended", async () => {
    add("one");
    const stream = follow(`/deliveries/${id}/stream`);
    const [first, then] = await take(stream, 2);
    assert.deepEqual([first?.["event"], first?.["id"]], ["progress", "1"]);
    assert.equal(then?.["event"], "delivery");
    add("two");
    phase = "done";
    notify(`event ${id}`);
    const [second, last, end] = await take(stream, 3);
    assert.match(second?.["data"] ?? "", /"two"/);
    assert.match(last?.["data"] ?? "", /"phase":"done"/);
    assert.deepEqual([end?.["event"], end?.["data"]], ["end", '{"phase":"done"}']);
    assert.equal((await stream.next()).done, true, "the answer has ended, too");
    await until(() => limits.slots.size + changes.size === 0);
  });

  test("goes on behind the event that was heard last", async () => {
    for (const message of ["one", "two", "three"]) add(message);
    const stream = follow(`/deliveries/${id}/stream`, { "last-event-id": "2" });
    const [first] = await take(stream, 1);
    assert.equal(first?.["id"], "3");
    await stream.return(undefined);
    const odd = follow(`/deliveries/${id}/stream`, { "last-event-id": "-1; DROP" });
    assert.equal((await take(odd, 1))[0]?.["id"], "1");
    await odd.return(undefined);
  });

  test("changes of others are none of its business; any change may be", async () => {
    const stream = follow(`/deliveries/${id}/stream`);
    await take(stream, 1);
    add("one");
    notify("event other");
    notify(undefined);
    assert.equal((await take(stream, 1))[0]?.["id"], "1");
    await stream.return(undefined);
  });

  test("is of a delivery that there is", async () => {
    for (const name of ["nothing", "..%2f", "A".repeat(90)])
      assert.equal((await fetch(`${app.listeningOrigin}/deliveries/${name}/stream`)).status, 404, name);
  });

  test("is read from the database as fast as it is taken", async () => {
    eventsOfPage = 1;
    for (let i = 0; i < 24; i++) add("x".repeat(1024 * 1024));
    phase = "done";
    const socket = ask(`/deliveries/${id}/stream`, { connection: "close" });
    await until(() => pages > 0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(pages < 20, `${pages} pages were read for nobody`);
    let bytes = 0;
    socket.on("data", (chunk) => (bytes += chunk.length)).resume();
    await once(socket, "close");
    assert.ok(bytes > 24 * 1024 * 1024, "the control: who reads gets all of it");
  });

  test("lets go of whoever has taken nothing between two heartbeats", async () => {
    limits.heartbeatMilliseconds = 40;
    for (let i = 0; i < 24; i++) add("x".repeat(1024 * 1024));
    const reader = follow("/stream");
    const next = take(reader, 1);
    ask(`/deliveries/${id}/stream`);
    await until(() => limits.slots.size === 2);
    await until(() => limits.slots.size === 1);
    notify("workload hello");
    assert.equal((await next).length, 1, "the control: who reads is kept");
    await reader.return(undefined);
  });
});

describe("the stream of changes", () => {
  test("says what has changed and of whom, and forgets who leaves", async () => {
    const stream = follow("/stream");
    const next = take(stream, 2);
    await until(() => changes.size > 0);
    notify("workload hello");
    notify(undefined);
    assert.deepEqual(
      (await next).map(({ data }) => data),
      ['{"kind":"workload","of":"hello"}', '{"kind":"any","of":""}'],
    );
    await stream.return(undefined);
    await until(() => changes.size === 0);
  });

  test("lets go of whoever does not read", async () => {
    ask("/stream");
    await until(() => changes.size === 1);
    for (let i = 0; i < 24; i++) notify(`workload ${"x".repeat(1024 * 1024)}`);
    await until(() => changes.size + limits.slots.size === 0);
  });
});

describe("a stream's slot", () => {
  const refusalOf = async (headers: Record<string, string> = {}): Promise<unknown[]> => {
    const refused = await fetch(`${app.listeningOrigin}/stream`, { headers });
    return [refused.status, ((await refused.json()) as { code: string }).code];
  };
  const tooMany = [503, "console/too-many-streams"];

  test("two hundred are enough; the next is told to close a tab", async () => {
    const release = Array.from({ length: 200 }, () => limits.slots.take(undefined));
    assert.deepEqual(await refusalOf(), tooMany);
    release[0]?.();
    release[0]?.();
    ask("/stream");
    await until(() => limits.slots.size === 200);
    assert.deepEqual(await refusalOf(), tooMany, "one that is given back twice is one");
  });

  test("twenty are enough for one session, and others have theirs", async () => {
    for (const secret of ["one", "two"]) signedIn.add(secret);
    const first = ask("/stream", signedInAs("one"));
    for (let i = 1; i < 20; i++) ask("/stream", signedInAs("one"));
    await until(() => limits.slots.size === 20);
    assert.deepEqual(await refusalOf(signedInAs("one")), tooMany);
    ask("/stream", signedInAs("two"));
    await until(() => limits.slots.size === 21);
    first.destroy();
    await until(() => limits.slots.size === 20);
    ask("/stream", signedInAs("one"));
    await until(() => limits.slots.size === 21);
  });

  test("is not taken by a connection that closed while its session was looked up", async () => {
    let left = 0;
    lookUp = async ({ raw }) => {
      await once(raw.socket, "close");
      left++;
    };
    for (const path of ["/stream", `/deliveries/${id}/stream`])
      for (let i = 0; i < 30; i++) {
        const socket = ask(path);
        socket.once("connect", () => setTimeout(() => socket.destroy(), 20));
      }
    await until(() => left === 60);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual([limits.slots.size, changes.size], [0, 0]);
    lookUp = async () => undefined;
    const stays = ask("/stream");
    await until(() => limits.slots.size === 1 && changes.size === 1);
    stays.destroy();
    await until(() => limits.slots.size === 0 && changes.size === 0);
  });

  test("is not kept by one of several requests that were sent at once", async () => {
    let handled = 0;
    lookUp = async () => void handled++;
    const socket = ask("/stream");
    socket.write("GET /stream HTTP/1.1\r\nhost: x\r\n\r\n");
    await until(() => handled === 2 && limits.slots.size > 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(limits.slots.size, 1, "the second has no connection before the first has ended");
    socket.destroy();
    await until(() => limits.slots.size === 0);
  });
});

describe("a session's stream", () => {
  for (const path of ["/stream", `/deliveries/${id}/stream`])
    test(`${path} ends with the session, and with no other`, async () => {
      limits.heartbeatMilliseconds = 20;
      for (const secret of ["one", "two"]) signedIn.add(secret);
      for (const secret of ["one", "two"]) ask(path, signedInAs(secret)).resume();
      await until(() => limits.slots.size === 2);
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(limits.slots.size, 2, "the control: both go on while both are signed in");
      signedIn.delete("one");
      await until(() => limits.slots.size === 1);
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(limits.slots.size, 1);
    });
});
