import type { AnyObject, RegoValue } from "../../values/index.ts";
import type { Path } from "./finding.ts";
import type { Report } from "./report.ts";

/** A value, where it stands, the schema that it is held against, and what is found. */
export interface Part<Value = RegoValue> {
  readonly schema: AnyObject;
  readonly value: Value;
  readonly path: Path;
  readonly report: Report;
}

/** What checks the parts of a value. */
export interface PartValidator {
  /** Holds a value against a schema, with a report of its own. */
  readonly attempt: (schema: RegoValue, value: RegoValue, path: Path) => Report;
  /** The value of a word of a schema, where its draft has that word. */
  readonly word: (schema: AnyObject, name: string) => RegoValue | undefined;
}
