import { parseQuery } from "../syntax/index.ts";
import type { Term } from "../syntax/index.ts";
import type { DocumentPath } from "./unknowns.ts";

/**
 * The path of a document, as it is written in Rego: `input.user`, `data.roles["a b"]`. Undefined for anything else.
 *
 * @throws RegoDiagnostics when it is no Rego.
 */
export function parseDocumentRef(text: string): DocumentPath | undefined {
  const [expr, ...more] = parseQuery(text, { version: "v1" });
  if (more.length > 0 || expr?.form !== "term" || expr.negated || expr.with.length > 0) return undefined;
  const path = pathOf(expr.term);
  return path?.[0] === "input" || path?.[0] === "data" ? path : undefined;
}

function pathOf(term: Term): DocumentPath | undefined {
  if (term.kind === "var") return [term.name];
  if (term.kind !== "ref" || term.head.kind !== "var") return undefined;
  const names = term.path.flatMap((part) =>
    part.kind === "scalar" && typeof part.value === "string" ? [part.value] : [],
  );
  return names.length === term.path.length ? [term.head.name, ...names] : undefined;
}
