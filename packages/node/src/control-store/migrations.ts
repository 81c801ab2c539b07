import type { Migration } from "../postgres/index.ts";

/** The tables of the control loop. Released migrations never change. */
export const controlMigrations: readonly Migration[] = [
  {
    name: "control/1",
    sql: `
      CREATE TABLE attestation (
        digest text PRIMARY KEY,
        bytes bytea NOT NULL,
        predicate_type text NOT NULL,
        identity text NOT NULL,
        signed_at timestamptz NOT NULL,
        log_index bigint NOT NULL,
        step text,
        rendering text NOT NULL,
        materials jsonb NOT NULL,
        products jsonb NOT NULL
      );
      CREATE TABLE attestation_artifact (
        artifact text NOT NULL,
        role text NOT NULL,
        attestation text NOT NULL REFERENCES attestation (digest),
        PRIMARY KEY (artifact, role, attestation)
      );
      CREATE TABLE policy (
        repository text PRIMARY KEY,
        revision text NOT NULL,
        document jsonb NOT NULL
      );
      CREATE TABLE delivery (
        id text PRIMARY KEY,
        repository text NOT NULL,
        commit_id text NOT NULL,
        ref text NOT NULL,
        phase text NOT NULL,
        ended boolean NOT NULL DEFAULT false,
        epoch bigint NOT NULL DEFAULT 0,
        owner text,
        lease_until timestamptz,
        state jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        number bigint GENERATED ALWAYS AS IDENTITY
      );
      CREATE INDEX delivery_open ON delivery (number) WHERE NOT ended;
      CREATE INDEX delivery_of_repository ON delivery (repository, number);
      CREATE TABLE delivery_event (
        delivery text NOT NULL REFERENCES delivery (id),
        number bigint GENERATED ALWAYS AS IDENTITY,
        phase text NOT NULL,
        kind text NOT NULL,
        message text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (delivery, number)
      );
      CREATE TABLE workload (
        name text PRIMARY KEY,
        image text NOT NULL,
        desired text NOT NULL,
        process jsonb,
        trouble text
      );
      CREATE TABLE admitted_high_water (
        repository text PRIMARY KEY,
        log_index bigint NOT NULL
      );`,
  },
  {
    name: "control/2",
    sql: `
      CREATE TABLE rule_set (
        kind text NOT NULL,
        name text NOT NULL,
        revision text NOT NULL,
        document jsonb NOT NULL,
        PRIMARY KEY (kind, name)
      );`,
  },
  {
    // Which commit the mark is of is known from its attestation; where that is gone, nothing from before now comes back.
    name: "control/3",
    sql: `
      ALTER TABLE admitted_high_water ADD COLUMN signed_at timestamptz;
      UPDATE admitted_high_water AS mark SET signed_at = coalesce(
        (SELECT max(signed_at) FROM attestation WHERE attestation.log_index = mark.log_index),
        now()
      );
      ALTER TABLE admitted_high_water ALTER COLUMN signed_at SET NOT NULL;`,
  },
  // What each attestation says is found by its digest, as the log's entries name it.
  {
    name: "control/4",
    sql: `
      INSERT INTO attestation_artifact (artifact, role, attestation)
      SELECT 'sha256:' || encode(sha256(decode(
        convert_from(bytes, 'UTF8')::jsonb -> 'dsseEnvelope' ->> 'payload', 'base64')), 'hex'), 'payload', digest
      FROM attestation;
    `,
  },
  // The open door asks how many attestations of a signer came within a day.
  {
    name: "control/5",
    sql: "CREATE INDEX attestation_of_signer ON attestation (identity, signed_at);",
  },
  // What came of a commit is asked for by everybody who looks at one.
  {
    name: "control/6",
    sql: "CREATE INDEX delivery_of_commit ON delivery (commit_id, number);",
  },
];
