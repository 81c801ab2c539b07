import type { Migration } from "../postgres/index.ts";

/** The channel on which every change of what the console shows is made known: `KIND ID`. */
export const changeChannel = "custody_change";

/**
 * The tables of who is signed in at the console, and of what the gates have decided; after those of the control loop, whose
 * rows it watches. Released migrations never change.
 */
export const consoleMigrations: readonly Migration[] = [
  {
    name: "console/1",
    sql: `
      CREATE TABLE sign_in_link (
        hash text PRIMARY KEY,
        expires_at timestamptz NOT NULL
      );
      CREATE TABLE console_session (
        hash text PRIMARY KEY,
        expires_at timestamptz NOT NULL
      );
      CREATE TABLE gate_decision (
        fingerprint text PRIMARY KEY,
        id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        gate text NOT NULL,
        repository text NOT NULL,
        subject text NOT NULL,
        verdict text NOT NULL,
        reasons jsonb NOT NULL,
        facts jsonb,
        rules jsonb NOT NULL,
        gates_revision text NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        times bigint NOT NULL DEFAULT 1
      );
      CREATE INDEX gate_decision_last ON gate_decision (last_at DESC, id DESC);
      CREATE FUNCTION custody_tell_change() RETURNS trigger LANGUAGE plpgsql AS $tell$
      DECLARE
        id text;
      BEGIN
        EXECUTE format('SELECT ($1).%I::text', TG_ARGV[1]) USING NEW INTO id;
        PERFORM pg_notify('custody_change', TG_ARGV[0] || ' ' || id);
        RETURN NULL;
      END $tell$;
      CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON delivery
        FOR EACH ROW EXECUTE FUNCTION custody_tell_change('delivery', 'id');
      CREATE TRIGGER tell_change AFTER INSERT ON delivery_event
        FOR EACH ROW EXECUTE FUNCTION custody_tell_change('event', 'delivery');
      CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON workload
        FOR EACH ROW EXECUTE FUNCTION custody_tell_change('workload', 'name');
      CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON gate_decision
        FOR EACH ROW EXECUTE FUNCTION custody_tell_change('decision', 'gate');`,
  },
];
