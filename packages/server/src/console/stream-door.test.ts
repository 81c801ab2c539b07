import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, test } from "node:test";

import type { NumberedEvent } from "@custody/node/control-store";
import type { Delivery } from "custody/control";
import { instantOf } from "custody/ground";
import { fastify } from "fastify";
import type { FastifyInstance } from "fastify";

import { problemOf } from "../problem.ts";
import { ChangeFeed } from "./change-feed.ts";
import { openStreamDoor } from "./stream-door.ts";

const id = "d1";
let app: FastifyInstance;
let changes: ChangeFeed;
let notify: (payload: string | undefined) => void;
let phase: Delivery["phase"];
let events: NumberedEvent[];

beforeEach(async () => {
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
  openStreamDoor(app, {
    changes,
    findDelivery: async (asked) => (asked === id ? deliveryNow() : undefined),
    listEvents: async (_delivery, after) => events.filter(({ number }) => number > after),
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(() => app.close());

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
    await stream.return(undefined);
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

  test("lets go of whoever does not read", async () => {
    const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
    socket.pause();
    socket.write(`GET /deliveries/${id}/stream HTTP/1.1\r\nhost: x\r\n\r\n`);
    while (changes.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    for (let i = 0; i < 24; i++) add("x".repeat(1024 * 1024));
    notify(`event ${id}`);
    while (changes.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    socket.resume();
    await Promise.race([once(socket, "close"), once(socket, "error")]);
  });
});

describe("the stream of changes", () => {
  test("says what has changed and of whom, and forgets who leaves", async () => {
    const stream = follow("/stream");
    const next = take(stream, 2);
    while (changes.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    notify("workload hello");
    notify(undefined);
    assert.deepEqual(
      (await next).map(({ data }) => data),
      ['{"kind":"workload","of":"hello"}', '{"kind":"any","of":""}'],
    );
    await stream.return(undefined);
    while (changes.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test("two hundred are enough; the next is told to close a tab", async () => {
    const forget = Array.from({ length: 200 }, () => changes.listen(() => undefined));
    const refused = await fetch(`${app.listeningOrigin}/stream`);
    assert.deepEqual(
      [refused.status, ((await refused.json()) as { code: string }).code],
      [503, "console/too-many-streams"],
    );
    forget[0]?.();
    const stream = follow("/stream");
    const next = take(stream, 1);
    while (changes.size < 200) await new Promise((resolve) => setTimeout(resolve, 5));
    notify("workload hello");
    await next;
    await stream.return(undefined);
  });
});
