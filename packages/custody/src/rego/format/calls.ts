import { RegoDiagnostics, termName } from "../syntax/index.ts";
import type { Location, RefTerm, Term } from "../syntax/index.ts";

/** The name that a call calls: `internal.member_2`; empty when it is no name. */
export function calleeName({ head, path }: RefTerm): string {
  if (head.kind !== "var") return "";
  const names = path.map((term) =>
    term.kind === "scalar" && typeof term.value === "string" ? term.value : "",
  );
  return [head.name, ...names].join(".");
}

/** @throws RegoDiagnostics an operator is called by its name, with too few operands or too many. */
export function refuseArity(name: string, operands: readonly Term[], at: Location): never {
  const have = `have: (${operands.map(termName).join(",")})`;
  throw new RegoDiagnostics([
    { code: "rego_type_error", message: `${name}: arity mismatch`, at, lines: [have] },
  ]);
}
