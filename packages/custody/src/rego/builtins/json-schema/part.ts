import type { AnyObject, RegoValue } from "../../values/index.ts";
import type { Finding, Path } from "./finding.ts";

/** A value, where it stands, and the schema that it is held against. */
export interface Part<Value> {
  readonly schema: AnyObject;
  readonly value: Value;
  readonly path: Path;
}

/** What checks the parts of a value. */
export interface PartValidator {
  readonly validate: (schema: RegoValue, value: RegoValue, path?: Path) => readonly Finding[];
}
