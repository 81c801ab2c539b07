import { baseKeywords, laterKeywords } from "../syntax/cursor.ts";
import type { Module, Rule } from "../syntax/index.ts";
import { needsRef } from "./head-shape.ts";
import { futureWord, isEveryKeyword, isRegoV1 } from "./import-kinds.ts";
import type { Target } from "./options.ts";
import type { Style } from "./printer.ts";

/** The style of a module, by its language and what it imports. */
export function styleOf(module: Module, target: Target): Style {
  const isV1 = target !== "v0";
  const paths = module.imports.map(({ path }) => path);
  const words = paths.flatMap((path) => futureWord(path) ?? []);
  const hasAll = isV1 || paths.some((path) => isRegoV1(path) || isEveryKeyword(path));
  return {
    isV1,
    usesIf: hasAll || words.includes("if"),
    usesContains: hasAll || words.includes("contains"),
    usesRefHeads: module.rules.some(hasRefHead),
    keywords: new Set([...baseKeywords, ...(isV1 ? laterKeywords : words)]),
    names: namesOfWildcards(module),
  };
}

function hasRefHead({ head, elseRule }: Rule): boolean {
  return needsRef(head) || (elseRule !== undefined && hasRefHead(elseRule));
}

/** Names for each `_` that stands in several places as one: in the heads of further bodies. */
function namesOfWildcards(module: Module): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  countWildcards(module.rules, counts);
  const repeated = [...counts].filter(([, count]) => count > 1);
  return new Map(repeated.map(([name]) => [name, `_${name.slice(1)}`]));
}

function countWildcards(node: unknown, counts: Map<string, number>): void {
  if (typeof node !== "object" || node === null) return;
  const { kind, name } = node as { readonly kind?: unknown; readonly name?: unknown };
  if (kind === "var" && typeof name === "string" && name.startsWith("$")) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const child of Object.values(node)) countWildcards(child, counts);
}
