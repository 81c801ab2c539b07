import { payloadOf } from "custody/control";
import type { AttestationRecord, AttestationStore } from "custody/control";
import { artifactKeysOf } from "custody/graph";
import { instantOf, parseDigest } from "custody/ground";

import { nodeCrypto } from "../crypto/index.ts";
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
    async findByArtifacts(artifacts, { as, predicateType } = {}) {
      const rows = await database.query<AttestationRow>(
        `SELECT * FROM attestation
         WHERE digest IN (SELECT attestation FROM attestation_artifact WHERE artifact = ANY ($1) AND role = ANY ($2))
           AND ($3::text IS NULL OR predicate_type = $3)
         ORDER BY signed_at, log_index LIMIT ${maxRows}`,
        [artifacts, as === undefined ? ["material", "product"] : [as], predicateType ?? null],
      );
      return rows.map(toRecord);
    },
    async countOfSigner(identity, since) {
      const [row] = await database.query<Row & { readonly count: string }>(
        "SELECT count(*) FROM attestation WHERE identity = $1 AND signed_at >= $2",
        [identity, new Date(since)],
      );
      return Number(row?.count ?? 0);
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
    const { materials, products, digest } = record;
    const payload = payloadOf(nodeCrypto, record);
    const keys = [artifactKeysOf(materials), artifactKeysOf(products), digest, payload ? [payload] : []];
    await transaction.query(
      `INSERT INTO attestation_artifact (artifact, role, attestation)
       SELECT unnest($1::text[]), 'material', $3 UNION SELECT unnest($2::text[]), 'product', $3
       UNION SELECT unnest($4::text[]), 'payload', $3
       ON CONFLICT DO NOTHING`,
      keys,
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
