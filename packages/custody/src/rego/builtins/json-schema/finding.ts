import type { RegoValue } from "../../values/index.ts";

/** What a document does not satisfy, in gojsonschema's words. */
export interface Finding {
  readonly type: string;
  /** Names and indices from the root, joined by dots; `(Root)` for the root. */
  readonly field: string;
  readonly description: string;
}

/** A place in a document: the names and indices that lead there. */
export type Path = readonly (string | number)[];

export function finding(type: string, path: Path, description: string): Finding {
  return { type, field: fieldOf(path), description };
}

export function fieldOf(path: Path): string {
  return path.length === 0 ? "(Root)" : path.join(".");
}

export function findingValue({ type, field, description }: Finding): RegoValue {
  return { error: `${field}: ${description}`, type, field, desc: description };
}
