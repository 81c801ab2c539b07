import { CustodyError } from "custody/ground";
import type { FaultOptions } from "custody/ground";

export type PostgresFaultCode =
  | "postgres/unavailable"
  | "postgres/timeout"
  | "postgres/disk-full"
  | "postgres/conflict"
  | "postgres/statement"
  | "postgres/newer-schema"
  | "postgres/migration-changed"
  | "postgres/no-binaries"
  | "postgres/start"
  | "postgres/version";

export function postgresFault(
  code: PostgresFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<PostgresFaultCode> {
  return new CustodyError(code, message, options);
}

/** The SQLSTATE (or the operating system's error name) that an error of `pg` carries. */
export function findSqlState(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

// Class 08: connection; 57P01–57P05: shutting down, starting up, gone; 53300: no connection left.
const unavailable = /^(?:08...|57P0[1-5]|53300|E[A-Z]{4,})$/;

// pg raises these without any code.
const lostConnection =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has |Cannot use a pool)/;

/**
 * The fault that an error of `pg` stands for.
 *
 * `postgres/unavailable` also means: it is not known whether a transaction that was being committed took place.
 */
export function faultOf(error: unknown): CustodyError {
  const cause = error;
  const state = findSqlState(error) ?? "";
  const message = error instanceof Error ? error.message : String(error);
  if (unavailable.test(state) || (state === "" && lostConnection.test(message))) {
    return postgresFault("postgres/unavailable", "the database cannot be reached", {
      next: "check that PostgreSQL runs and takes connections",
      cause,
    });
  }
  return statementFault(state, message, cause);
}

function statementFault(state: string, message: string, cause: unknown): CustodyError {
  switch (state) {
    case "57014":
      return postgresFault("postgres/timeout", "the database took too long", { cause });
    case "53100":
      return postgresFault("postgres/disk-full", "the database's disk is full", {
        next: "free some space on the disk, then try again",
        cause,
      });
    case "40001":
    case "40P01":
      return postgresFault("postgres/conflict", "other transactions kept getting in the way", { cause });
    default:
      return postgresFault("postgres/statement", `the database refused a statement: ${message}`, { cause });
  }
}
