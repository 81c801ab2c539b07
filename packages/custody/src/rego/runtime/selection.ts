import type { RuleIndex } from "../plan/rule-index.ts";
import type { RegoValue } from "../values/index.ts";
import { findScalarKey } from "../values/key.ts";
import { get } from "./access.ts";

/** The clauses that can hold for the value at the index's path below `root`. */
export function select({ subject, cases, rest }: RuleIndex, root: RegoValue | undefined): readonly number[] {
  let value = root;
  for (const name of subject.path) {
    if (value === undefined) return rest;
    value = get(value, name);
  }
  if (typeof value === "string") return cases.get(value) ?? rest;
  const key = value === undefined ? undefined : findScalarKey(value);
  return key === undefined ? rest : (cases.get(key) ?? rest);
}
