import type { NumberedEvent } from "@custody/node/control-store";
import { isEnded } from "custody/control";
import type { Delivery } from "custody/control";
import { CustodyError } from "custody/ground";
import type { FastifyInstance, FastifyReply } from "fastify";
import * as v from "valibot";

import type { ChangeFeed } from "./change-feed.ts";

/** What the streams tell of. */
export interface StreamPorts {
  readonly changes: ChangeFeed;
  findDelivery(id: string): Promise<Delivery | undefined>;
  listEvents(delivery: string, after: number): Promise<readonly NumberedEvent[]>;
}

const maxStreams = 200;
const heartbeatMilliseconds = 15_000;
const maxPages = 100;
const maxUnreadBytes = 4 * 1024 * 1024;
const idParams = v.object({ id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/)) });
const lastEventPattern = /^[0-9]{1,15}$/;

/**
 * Server-sent events (HTML §9.2), below the API: `/stream` says what has changed; `/deliveries/ID/stream` tells one delivery's
 * events from the first on, or after `Last-Event-ID`, and ends with the delivery.
 */
export function openStreamDoor(app: FastifyInstance, ports: StreamPorts): void {
  app.get("/stream", async (_request, reply) => {
    const stream = openStream(reply, ports.changes);
    const forget = ports.changes.listen(({ kind, of }) =>
      stream.send({ event: "change", data: { kind, of } }),
    );
    stream.onClose(forget);
    return reply;
  });
  app.get("/deliveries/:id/stream", async (request, reply) => {
    const params = v.safeParse(idParams, request.params);
    const delivery = params.success ? await ports.findDelivery(params.output.id) : undefined;
    if (!delivery) throw new CustodyError("api/not-found", "there is no such delivery");
    const last = String(request.headers["last-event-id"] ?? "");
    const after = lastEventPattern.test(last) ? Number(last) : 0;
    tellDelivery(ports, openStream(reply, ports.changes), { id: delivery.id, after });
    return reply;
  });
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
    for (let pages = 0; isStale && pages < maxPages; pages++) {
      isStale = false;
      last = await tellNew(ports, stream, { id, after: last });
    }
    isReading = false;
  };
  const refresh = (): void => {
    isStale = true;
    readAll().catch(() => stream.close());
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
  for (
    let page = await ports.listEvents(id, last);
    page.length > 0;
    page = await ports.listEvents(id, last)
  ) {
    for (const event of page) stream.send({ event: "progress", id: event.number, data: event });
    last = page.at(-1)?.number ?? last;
  }
  stream.send({ event: "delivery", data: delivery });
  if (delivery && isEnded(delivery.phase)) stream.send({ event: "end", data: { phase: delivery.phase } });
  return last;
}

interface ServerSentEvent {
  readonly event: string;
  readonly id?: number;
  readonly data: unknown;
}

interface EventStream {
  send(event: ServerSentEvent): void;
  onClose(forget: () => void): void;
  close(): void;
}

function openStream(reply: FastifyReply, { size }: ChangeFeed): EventStream {
  if (size >= maxStreams)
    throw new CustodyError("console/too-many-streams", `${maxStreams} streams are open`, {
      next: "close a tab",
    });
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  raw.write(":\n\n");
  const beat = setInterval(() => raw.write(":\n\n"), heartbeatMilliseconds);
  raw.on("close", () => clearInterval(beat));
  return {
    send({ event, id, data }) {
      const head = id === undefined ? "" : `id: ${id}\n`;
      if (raw.writableEnded || raw.destroyed) return;
      raw.write(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      // Who does not read is let go, and comes again after the event that it read last.
      if (raw.writableLength > maxUnreadBytes) raw.destroy();
    },
    onClose: (forget) => void raw.on("close", forget),
    close: () => void raw.end(),
  };
}
