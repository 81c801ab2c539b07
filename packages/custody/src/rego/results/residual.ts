import { residualJson } from "../partial/residual-json.ts";
import type { Residual } from "../partial/index.ts";
import { items, members } from "./document.ts";
import type { Document } from "./document.ts";
import { inOwnOrder } from "./module-document.ts";
import { tableText } from "./table.ts";

/**
 * What a partial evaluation left, as syntax trees.
 *
 * @param support the name of the member with the modules: commands and API call them differently.
 */
export function residualDocument(residual: Residual, support: "modules" | "support"): Document {
  const { queries, support: modules } = residualJson(residual);
  return members({
    queries: queries.length > 0 ? items(queries.map(inOwnOrder)) : undefined,
    [support]: modules.length > 0 ? items(modules.map(inOwnOrder)) : undefined,
  });
}

/** The same as Rego, under headings. */
export function residualSource({ queries, support }: Residual): string {
  return [
    ...queries.map((query, i) => `# Query ${i + 1}\n${query === "" ? "" : `${query}\n`}\n`),
    ...support.map((module, i) => `# Module ${i + 1}\n${module}`),
  ].join("");
}

/** The same as a table. */
export function residualTable({ queries, support }: Residual): string {
  if (queries.length === 0) return "undefined\n";
  const rows = [
    ...queries.map((query, i) => [`Query ${i + 1}`, query]),
    ...support.map((module, i) => [`Support ${i + 1}`, module.replaceAll("\t", "  ").trim()]),
  ];
  return tableText(rows, { ruled: true });
}
