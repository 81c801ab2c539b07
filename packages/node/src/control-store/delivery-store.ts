import type { Delivery, DeliveryFilter, DeliveryState, DeliveryStore, Phase } from "custody/control";
import { isEnded } from "custody/control";
import { parseObjectId } from "custody/git";
import { CustodyError, instantOf } from "custody/ground";

import type { Database, Row } from "../postgres/index.ts";
import { insertAttestations } from "./attestation-store.ts";

interface DeliveryRow extends Row {
  readonly id: string;
  readonly repository: string;
  readonly commit_id: string;
  readonly ref: string;
  readonly phase: string;
  readonly epoch: string;
  readonly state: DeliveryState;
  readonly created_at: Date;
}

/** The channel on which a new or freed delivery is made known to every server process. */
export const deliveryChannel = "custody_delivery";

/** Deliveries in PostgreSQL, held by lease and epoch. */
export function openDeliveryStore(database: Database): DeliveryStore {
  return {
    async create({ id, repository, commit, ref }) {
      const rows = await database.query<DeliveryRow>(
        "INSERT INTO delivery (id, repository, commit_id, ref, phase) VALUES ($1, $2, $3, $4, 'source') RETURNING *",
        [id, repository, commit, ref],
      );
      await database.query("SELECT pg_notify($1, $2)", [deliveryChannel, id]);
      return getOnly(rows);
    },
    async claim(owner, leaseSeconds) {
      const rows = await database.query<DeliveryRow>(
        `UPDATE delivery SET owner = $1, epoch = epoch + 1, lease_until = now() + make_interval(secs => $2)
         WHERE id = (
           SELECT id FROM delivery WHERE NOT ended AND (lease_until IS NULL OR lease_until < now())
           ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING *`,
        [owner, leaseSeconds],
      );
      return rows.map(toDelivery)[0];
    },
    async renew(id, epoch, leaseSeconds) {
      const rows = await database.query(
        `UPDATE delivery SET lease_until = now() + make_interval(secs => $3)
         WHERE id = $1 AND epoch = $2 AND NOT ended RETURNING id`,
        [id, epoch, leaseSeconds],
      );
      return rows.length === 1;
    },
    advance: ({ id, epoch }, { phase, state }, attestations) =>
      database.transaction(async (transaction) => {
        const rows = await transaction.query(
          `UPDATE delivery SET phase = $3, ended = $4, state = $5, lease_until = CASE WHEN $4 THEN NULL ELSE lease_until END
           WHERE id = $1 AND epoch = $2 AND NOT ended RETURNING id`,
          [id, epoch, phase, isEnded(phase), JSON.stringify(state)],
        );
        if (rows.length === 1) await insertAttestations(transaction, attestations);
        return rows.length === 1;
      }),
    async release(owner) {
      await database.query(
        "UPDATE delivery SET owner = NULL, lease_until = NULL WHERE owner = $1 AND NOT ended",
        [owner],
      );
    },
    async find(id) {
      const rows = await database.query<DeliveryRow>("SELECT * FROM delivery WHERE id = $1", [id]);
      return rows.map(toDelivery)[0];
    },
    list: (filter) => listDeliveries(database, filter),
  };
}

async function listDeliveries(
  database: Database,
  { repository, commit, before, limit }: DeliveryFilter,
): Promise<Delivery[]> {
  const rows = await database.query<DeliveryRow>(
    `SELECT * FROM delivery
     WHERE ($1::text IS NULL OR repository = $1) AND ($2::text IS NULL OR commit_id = $2)
       AND ($3::text IS NULL OR number < (SELECT number FROM delivery WHERE id::text = $3))
     ORDER BY number DESC LIMIT $4`,
    [repository ?? null, commit ?? null, before ?? null, limit],
  );
  return rows.map(toDelivery);
}

function getOnly(rows: readonly DeliveryRow[]): Delivery {
  const [row] = rows;
  if (!row) throw new CustodyError("control/lost", "the database did not answer with the delivery it took");
  return toDelivery(row);
}

function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    repository: row.repository,
    commit: parseObjectId(row.commit_id),
    ref: row.ref,
    phase: row.phase as Phase,
    epoch: Number(row.epoch),
    state: row.state,
    createdAt: instantOf(row.created_at.getTime()),
  };
}
