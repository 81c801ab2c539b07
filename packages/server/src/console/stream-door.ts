import type { NumberedEvent } from "@custody/node/control-store";
import { isEnded } from "custody/control";
import type { Delivery } from "custody/control";
import { CustodyError } from "custody/ground";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as v from "valibot";

import type { ChangeFeed } from "./change-feed.ts";
import { EventStream, isGone } from "./event-stream.ts";
import { findSessionSecret } from "./session-cookie.ts";
import type { Sessions } from "./sessions.ts";
import { StreamSlots } from "./stream-slots.ts";

/** What the streams tell of, and to whom. */
export interface StreamPorts {
  readonly changes: ChangeFeed;
  readonly session: {
    readonly sessions: Pick<Sessions, "find">;
    readonly publicUrl: () => string;
  };
  findDelivery(id: string): Promise<Delivery | undefined>;
  listEvents(delivery: string, after: number): Promise<readonly NumberedEvent[]>;
}

/** How many streams are open, and how often each shows that it is alive and looks whether it may go on. */
export interface StreamLimits {
  readonly slots: StreamSlots;
  readonly heartbeatMilliseconds: number;
}

const idParams = v.object({ id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/)) });
const lastEventPattern = /^[0-9]{1,15}$/;
const onlyGet = { exposeHeadRoute: false };

/**
 * Server-sent events (HTML §9.2), below the API: `/stream` says what has changed; `/deliveries/ID/stream` tells one delivery's
 * events from the first on, or after `Last-Event-ID`, and ends with the delivery. Each ends with the session that opened it,
 * at the next heartbeat.
 */
export function openStreamDoor(
  app: FastifyInstance,
  ports: StreamPorts,
  limits: StreamLimits = { slots: new StreamSlots(), heartbeatMilliseconds: 15_000 },
): void {
  const open = (request: FastifyRequest, reply: FastifyReply) =>
    openStream({ request, reply }, ports.session, limits);
  app.get("/stream", onlyGet, async (request, reply) => {
    const stream = open(request, reply);
    if (stream) tellChanges(ports.changes, stream);
    return reply;
  });
  app.get("/deliveries/:id/stream", onlyGet, async (request, reply) => {
    const params = v.safeParse(idParams, request.params);
    const delivery = params.success ? await ports.findDelivery(params.output.id) : undefined;
    if (!delivery) throw new CustodyError("api/not-found", "there is no such delivery");
    const last = String(request.headers["last-event-id"] ?? "");
    const after = lastEventPattern.test(last) ? Number(last) : 0;
    const stream = open(request, reply);
    if (stream) tellDelivery(ports, stream, { id: delivery.id, after });
    return reply;
  });
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

// Nothing is waited for between the look at the connection and `onClose`: no slot is taken for whoever left before.
function openStream(
  { request, reply }: Exchange,
  { sessions, publicUrl }: StreamPorts["session"],
  { slots, heartbeatMilliseconds }: StreamLimits,
): EventStream | undefined {
  const { raw } = reply;
  if (isGone(raw)) {
    reply.hijack();
    raw.destroy();
    return undefined;
  }
  const session = findSessionSecret(request, publicUrl());
  const release = slots.take(session);
  reply.hijack();
  const maySee = async (): Promise<boolean> =>
    session === undefined || (await sessions.find(session)) !== undefined;
  const stream = new EventStream(raw, { heartbeatMilliseconds, maySee });
  stream.onClose(release);
  return stream;
}

function tellChanges(changes: ChangeFeed, stream: EventStream): void {
  const forget = changes.listen(({ kind, of }) => stream.send({ event: "change", data: { kind, of } }));
  stream.onClose(forget);
}

interface Told {
  readonly id: string;
  readonly after: number;
}

// One reading at a time; a change that comes while it goes on makes another one follow.
function tellDelivery(ports: StreamPorts, stream: EventStream, { id, after }: Told): void {
  let last = after;
  let isStale = true;
  let isReading = false;
  const readAll = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    while (isStale && stream.isOpen) {
      isStale = false;
      last = await tellNew(ports, stream, { id, after: last });
    }
    isReading = false;
  };
  const refresh = (): void => {
    isStale = true;
    readAll().catch(() => stream.end());
  };
  stream.onClose(
    ports.changes.listen(({ kind, of }) => (kind === "any" || of === id ? refresh() : undefined)),
  );
  refresh();
}

async function tellNew(ports: StreamPorts, stream: EventStream, { id, after }: Told): Promise<number> {
  // The row first: what it says has happened is then among the events that are read after it.
  const delivery = await ports.findDelivery(id);
  let last = after;
  let page = await ports.listEvents(id, last);
  while (page.length > 0 && stream.isOpen) {
    last = await tellPage(stream, page);
    page = await ports.listEvents(id, last);
  }
  stream.send({ event: "delivery", data: delivery });
  if (!delivery || !isEnded(delivery.phase)) return last;
  stream.send({ event: "end", data: { phase: delivery.phase } });
  stream.end();
  return last;
}

// As fast as it is read: what nobody has taken yet stays in the database.
async function tellPage(stream: EventStream, page: readonly NumberedEvent[]): Promise<number> {
  for (const event of page) {
    stream.send({ event: "progress", id: event.number, data: event });
    await stream.drained();
  }
  return page.at(-1)?.number ?? 0;
}
