import type { PolicyStore } from "custody/control";
import { parseRepositoryPolicy, policyRevisionOf } from "custody/evidence";
import type { Crypto } from "custody/ground";
import { digestOf, parseDigest } from "custody/ground";

import type { Database, Row } from "../postgres/index.ts";
import { insertAttestations } from "./attestation-store.ts";

interface PolicyRow extends Row {
  readonly repository: string;
  readonly revision: string;
  readonly document: unknown;
}

/** Policies in PostgreSQL: the one in force by row, every revision by its attestation. */
export function openPolicyStore(database: Database, crypto: Pick<Crypto, "sha256">): PolicyStore {
  return {
    async findPolicy(repository) {
      const rows = await database.query<PolicyRow>("SELECT * FROM policy WHERE repository = $1", [
        repository,
      ]);
      return rows.map(({ document }) => parseRepositoryPolicy(document))[0];
    },
    async findRevision(repository) {
      const rows = await database.query<PolicyRow>("SELECT revision FROM policy WHERE repository = $1", [
        repository,
      ]);
      return rows.map(({ revision }) => parseDigest(revision))[0];
    },
    setPolicy: (policy, expected, attestation) =>
      database.transaction(async (transaction) => {
        const revision = policyRevisionOf((bytes) => digestOf(crypto, bytes), policy);
        const values = [policy.repository, revision, JSON.stringify(policy)];
        const rows =
          expected === undefined
            ? await transaction.query(
                "INSERT INTO policy (repository, revision, document) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1",
                values,
              )
            : await transaction.query(
                "UPDATE policy SET revision = $2, document = $3 WHERE repository = $1 AND revision = $4 RETURNING 1",
                [...values, expected],
              );
        if (rows.length === 1) await insertAttestations(transaction, [attestation]);
        return rows.length === 1;
      }),
    async listRepositories() {
      const rows = await database.query<PolicyRow>("SELECT repository FROM policy ORDER BY repository");
      return rows.map(({ repository }) => repository);
    },
  };
}
