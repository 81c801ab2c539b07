import type { RuleSet } from "custody/evidence";
import type { Instant, Json, Reason } from "custody/ground";
import { instantOf } from "custody/ground";

import type { Database, Row } from "../postgres/index.ts";

/** An answer of a gate as it is kept. The same answer on the same facts is one row, however often it was given. */
export interface KeptDecision {
  readonly id: number;
  readonly gate: string;
  readonly repository: string;
  /** What it was about: a commit or an image. */
  readonly subject: string;
  readonly verdict: "allowed" | "refused" | "undecided";
  readonly reasons: readonly Reason[];
  /** What the gate was told, the last time; undefined where a list leaves it out, or where it is too large to be kept. */
  readonly facts?: Json | undefined;
  /** What others have added to the gate. */
  readonly rules: readonly RuleSet[];
  /** Of the gates that ship. */
  readonly gatesRevision: string;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly times: number;
}

/** Narrows a list of decisions; each field exactly. */
export interface DecisionFilter {
  readonly gate?: string | undefined;
  readonly repository?: string | undefined;
  readonly verdict?: string | undefined;
  readonly subject?: string | undefined;
  /** A reason code. */
  readonly code?: string | undefined;
  /** Only what is further down than this id. */
  readonly after?: number | undefined;
  readonly limit: number;
}

/** What the gates have decided, for whoever looks: the newest {@link maxDecisions} of them. Losing one changes no decision. */
export interface DecisionStore {
  keep(decision: Omit<KeptDecision, "id" | "firstAt" | "times">, fingerprint: string): Promise<void>;
  /** Newest first, without facts. */
  list(filter: DecisionFilter): Promise<readonly KeptDecision[]>;
  find(id: number): Promise<KeptDecision | undefined>;
}

interface DecisionRow extends Row {
  readonly id: string;
  readonly gate: string;
  readonly repository: string;
  readonly subject: string;
  readonly verdict: KeptDecision["verdict"];
  readonly reasons: readonly Reason[];
  readonly facts?: Json | null;
  readonly rules: readonly RuleSet[];
  readonly gates_revision: string;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly times: string;
}

const maxDecisions = 10_000;
const listed =
  "id, gate, repository, subject, verdict, reasons, rules, gates_revision, first_at, last_at, times";

/** {@link DecisionStore} in PostgreSQL. */
export function openDecisionStore(database: Database): DecisionStore {
  return {
    async keep(decision, fingerprint) {
      const [row] = await database.query<DecisionRow>(
        `INSERT INTO gate_decision
           (fingerprint, gate, repository, subject, verdict, reasons, facts, rules, gates_revision, first_at, last_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
         ON CONFLICT (fingerprint) DO UPDATE
           SET last_at = EXCLUDED.last_at, facts = EXCLUDED.facts, times = gate_decision.times + 1
         RETURNING id, times`,
        [fingerprint, ...valuesOf(decision)],
      );
      if (row && row.times === "1") await forget(database, Number(row.id));
    },
    async list({ gate, repository, verdict, subject, code, after, limit }) {
      const rows = await database.query<DecisionRow>(
        `SELECT ${listed} FROM gate_decision
         WHERE ($1::text IS NULL OR gate = $1) AND ($2::text IS NULL OR repository = $2)
           AND ($3::text IS NULL OR verdict = $3) AND ($4::text IS NULL OR subject = $4)
           AND ($5::text IS NULL OR reasons @> jsonb_build_array(jsonb_build_object('code', $5::text)))
           AND ($6::bigint IS NULL
             OR (last_at, id) < (SELECT last_at, id FROM gate_decision AS mark WHERE mark.id = $6))
         ORDER BY last_at DESC, id DESC LIMIT $7`,
        [
          gate ?? null,
          repository ?? null,
          verdict ?? null,
          subject ?? null,
          code ?? null,
          after ?? null,
          limit,
        ],
      );
      return rows.map(toDecision);
    },
    async find(id) {
      const rows = await database.query<DecisionRow>("SELECT * FROM gate_decision WHERE id = $1", [id]);
      return rows.map(toDecision)[0];
    },
  };
}

// Ids grow by one with every new row, so what is that far behind is not among the newest by id; what was given again
// since is young again, and stays.
async function forget(database: Database, newest: number): Promise<void> {
  if (newest % 100 !== 0) return;
  await database.query(
    `DELETE FROM gate_decision WHERE id IN (
       SELECT id FROM gate_decision ORDER BY last_at DESC, id DESC OFFSET ${maxDecisions})`,
  );
}

function valuesOf(decision: Omit<KeptDecision, "id" | "firstAt" | "times">): unknown[] {
  const { gate, repository, subject, verdict, reasons, facts, rules, gatesRevision, lastAt } = decision;
  return [
    gate,
    repository,
    subject,
    verdict,
    JSON.stringify(reasons),
    facts === undefined ? null : JSON.stringify(facts),
    JSON.stringify(rules),
    gatesRevision,
    new Date(lastAt),
  ];
}

function toDecision(row: DecisionRow): KeptDecision {
  return {
    id: Number(row.id),
    gate: row.gate,
    repository: row.repository,
    subject: row.subject,
    verdict: row.verdict,
    reasons: row.reasons,
    facts: row.facts ?? undefined,
    rules: row.rules,
    gatesRevision: row.gates_revision,
    firstAt: instantOf(row.first_at.getTime()),
    lastAt: instantOf(row.last_at.getTime()),
    times: Number(row.times),
  };
}
