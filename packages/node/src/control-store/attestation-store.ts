import type { AttestationRecord, AttestationStore } from "custody/control";
import { instantOf, parseDigest } from "custody/ground";

import type { Database, Queryable, Row } from "../postgres/index.ts";

interface AttestationRow extends Row {
  readonly digest: string;
  readonly bytes: Buffer;
  readonly predicate_type: string;
  readonly identity: string;
  readonly signed_at: Date;
  readonly log_index: string;
  readonly step: string | null;
  readonly rendering: string;
  readonly materials: AttestationRecord["materials"];
  readonly products: AttestationRecord["products"];
}

const maxRows = 10_000;

/** Attestations in PostgreSQL; the artifact table is the index that traces and gates read by. */
export function openAttestationStore(database: Database): AttestationStore {
  return {
    async find(digest) {
      const rows = await database.query<AttestationRow>("SELECT * FROM attestation WHERE digest = $1", [
        digest,
      ]);
      return rows.map(toRecord)[0];
    },
    async findByArtifacts(digests) {
      const rows = await database.query<AttestationRow>(
        `SELECT * FROM attestation WHERE digest IN
          (SELECT attestation FROM attestation_artifact WHERE artifact = ANY ($1))
         ORDER BY log_index LIMIT ${maxRows}`,
        [digests],
      );
      return rows.map(toRecord);
    },
    add: (attestations) =>
      database.transaction((transaction) => insertAttestations(transaction, attestations)),
  };
}

/** Keeps attestations within a transaction of the caller's. What is there already stays as it is. */
export async function insertAttestations(
  transaction: Queryable,
  attestations: readonly AttestationRecord[],
): Promise<void> {
  for (const record of attestations) {
    await transaction.query(
      `INSERT INTO attestation
        (digest, bytes, predicate_type, identity, signed_at, log_index, step, rendering, materials, products)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
      valuesOf(record),
    );
    await transaction.query(
      `INSERT INTO attestation_artifact (artifact, attestation)
       SELECT DISTINCT artifact, $2 FROM unnest($1::text[]) AS artifact ON CONFLICT DO NOTHING`,
      [artifactKeysOf(record), record.digest],
    );
  }
}

function valuesOf(record: AttestationRecord): readonly unknown[] {
  return [
    record.digest,
    Buffer.from(record.bytes),
    record.predicateType,
    record.identity,
    new Date(record.signedAt),
    record.logIndex,
    record.step ?? null,
    record.rendering,
    JSON.stringify(record.materials),
    JSON.stringify(record.products),
  ];
}

function artifactKeysOf({ materials, products }: AttestationRecord): string[] {
  return [...materials, ...products].flatMap(({ digest }) =>
    Object.entries(digest).map(([algorithm, hex]) => `${algorithm}:${hex}`),
  );
}

function toRecord(row: AttestationRow): AttestationRecord {
  return {
    digest: parseDigest(row.digest),
    bytes: new Uint8Array(row.bytes),
    predicateType: row.predicate_type,
    identity: row.identity,
    signedAt: instantOf(row.signed_at.getTime()),
    logIndex: Number(row.log_index),
    step: row.step ?? undefined,
    rendering: row.rendering,
    materials: row.materials,
    products: row.products,
  };
}
