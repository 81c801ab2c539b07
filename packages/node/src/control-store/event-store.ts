import type { DeliveryEvent, Phase } from "custody/control";
import { instantOf } from "custody/ground";

import type { Database, Row } from "../postgres/index.ts";

interface EventRow extends Row {
  readonly delivery: string;
  readonly number: string;
  readonly phase: string;
  readonly kind: string;
  readonly message: string;
  readonly at: Date;
}

/** An event with its place in the order, for a reader that asks for what came after. */
export interface NumberedEvent extends DeliveryEvent {
  readonly number: number;
}

export interface EventStore {
  add(event: DeliveryEvent): Promise<void>;
  listAfter(delivery: string, number: number): Promise<NumberedEvent[]>;
}

export const eventChannel = "custody_event";
const maxMessageLength = 4000;
const pageSize = 500;

/** Progress of deliveries in PostgreSQL; every new event is notified with its delivery's id. */
export function openEventStore(database: Database): EventStore {
  return {
    async add({ delivery, phase, kind, message, at }) {
      await database.query(
        `WITH event AS (INSERT INTO delivery_event (delivery, phase, kind, message, at) VALUES ($1, $2, $3, $4, $5))
         SELECT pg_notify('${eventChannel}', $1)`,
        [delivery, phase, kind, printable(message), new Date(at)],
      );
    },
    async listAfter(delivery, number) {
      const rows = await database.query<EventRow>(
        `SELECT * FROM delivery_event WHERE delivery = $1 AND number > $2 ORDER BY number LIMIT ${pageSize}`,
        [delivery, number],
      );
      return rows.map(toEvent);
    },
  };
}

// PostgreSQL's text has no NUL; half a surrogate pair is no character.
function printable(message: string): string {
  return message.slice(0, maxMessageLength).replaceAll("\0", "\ufffd").toWellFormed();
}

function toEvent(row: EventRow): NumberedEvent {
  return {
    delivery: row.delivery,
    number: Number(row.number),
    phase: row.phase as Phase,
    kind: row.kind as DeliveryEvent["kind"],
    message: row.message,
    at: instantOf(row.at.getTime()),
  };
}
