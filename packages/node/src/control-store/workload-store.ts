import type { Workload, WorkloadProcess, WorkloadStore } from "custody/control";
import type { Sighting } from "custody/evidence";
import { instantOf, parseDigest } from "custody/ground";

import type { Database, Row } from "../postgres/index.ts";

interface WorkloadRow extends Row {
  readonly name: string;
  readonly image: string;
  readonly desired: Workload["desired"];
  readonly process: WorkloadProcess | null;
  readonly trouble: string | null;
}

/** Workloads in PostgreSQL. */
export function openWorkloadStore(database: Database): WorkloadStore {
  return {
    async list() {
      return (await database.query<WorkloadRow>("SELECT * FROM workload ORDER BY name")).map(toWorkload);
    },
    async findWorkload(name) {
      return (await database.query<WorkloadRow>("SELECT * FROM workload WHERE name = $1", [name])).map(
        toWorkload,
      )[0];
    },
    async want(name, image) {
      await database.query(
        `INSERT INTO workload (name, image, desired) VALUES ($1, $2, 'running')
         ON CONFLICT (name) DO UPDATE SET image = $2, desired = 'running', trouble = NULL`,
        [name, image],
      );
    },
    async setDesired(name, desired) {
      const rows = await database.query("UPDATE workload SET desired = $2 WHERE name = $1 RETURNING 1", [
        name,
        desired,
      ]);
      return rows.length === 1;
    },
    async observe(name, process, trouble) {
      await database.query("UPDATE workload SET process = $2, trouble = $3 WHERE name = $1", [
        name,
        process ? JSON.stringify(process) : null,
        trouble ?? null,
      ]);
    },
    async findHighWater(name) {
      const rows = await database.query<Row & { signed_at: Date; log_index: string }>(
        "SELECT signed_at, log_index FROM admitted_high_water WHERE repository = $1",
        [name],
      );
      return rows.map(toSighting)[0];
    },
    async raiseHighWater(name, { signedAt, logIndex }) {
      await database.query(
        `INSERT INTO admitted_high_water AS known (repository, signed_at, log_index) VALUES ($1, $2, $3)
         ON CONFLICT (repository) DO UPDATE SET signed_at = $2, log_index = $3
         WHERE (known.signed_at, known.log_index) < ($2, $3)`,
        [name, new Date(signedAt), logIndex],
      );
    },
  };
}

function toSighting(row: { readonly signed_at: Date; readonly log_index: string }): Sighting {
  return { signedAt: instantOf(row.signed_at.getTime()), logIndex: Number(row.log_index) };
}

function toWorkload({ name, image, desired, process, trouble }: WorkloadRow): Workload {
  return {
    name,
    image: parseDigest(image),
    desired,
    ...(process ? { process } : {}),
    ...(trouble === null ? {} : { trouble }),
  };
}
