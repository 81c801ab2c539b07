import type { AttestationRecord, PolicyStore } from "custody/control";
import { parseRepositoryPolicy, parseRuleSet, policyRevisionOf, ruleSetRevisionOf } from "custody/evidence";
import type { Crypto, Digest } from "custody/ground";
import { digestOf, parseDigest } from "custody/ground";

import type { Database, Row } from "../postgres/index.ts";
import { insertAttestations } from "./attestation-store.ts";

interface PolicyRow extends Row {
  readonly repository: string;
  readonly revision: string;
  readonly document: unknown;
}

interface RuleSetRow extends Row {
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
    setPolicy(policy, expected, attestation) {
      const revision = policyRevisionOf((bytes) => digestOf(crypto, bytes), policy);
      return replaceRow(database, {
        insert:
          "INSERT INTO policy (repository, revision, document) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1",
        update:
          "UPDATE policy SET revision = $2, document = $3 WHERE repository = $1 AND revision = $4 RETURNING 1",
        values: [policy.repository, revision, JSON.stringify(policy)],
        expected,
        attestation,
      });
    },
    async listRepositories() {
      const rows = await database.query<PolicyRow>("SELECT repository FROM policy ORDER BY repository");
      return rows.map(({ repository }) => repository);
    },
    async findRules({ kind, name }) {
      const rows = await database.query<RuleSetRow>(
        "SELECT document FROM rule_set WHERE kind = $1 AND name = $2",
        [kind, name],
      );
      return rows.map(({ document }) => parseRuleSet(document))[0];
    },
    setRules(set, expected, attestation) {
      const revision = ruleSetRevisionOf((bytes) => digestOf(crypto, bytes), set);
      return replaceRow(database, {
        insert:
          "INSERT INTO rule_set (kind, name, revision, document) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING 1",
        update:
          "UPDATE rule_set SET revision = $3, document = $4 WHERE kind = $1 AND name = $2 AND revision = $5 RETURNING 1",
        values: [set.scope.kind, set.scope.name, revision, JSON.stringify(set)],
        expected,
        attestation,
      });
    },
  };
}

interface Replacement {
  readonly insert: string;
  /** Its last parameter is the revision that is expected. */
  readonly update: string;
  readonly values: readonly string[];
  readonly expected: Digest | undefined;
  readonly attestation: AttestationRecord;
}

/** A row with its attestation, in one transaction, if the row that is there is the expected one. */
function replaceRow(
  database: Database,
  { insert, update, values, expected, attestation }: Replacement,
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    const rows =
      expected === undefined
        ? await transaction.query(insert, [...values])
        : await transaction.query(update, [...values, expected]);
    if (rows.length === 1) await insertAttestations(transaction, [attestation]);
    return rows.length === 1;
  });
}
