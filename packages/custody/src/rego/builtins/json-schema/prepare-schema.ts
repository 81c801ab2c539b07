import { RegoFault } from "../../faults.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";
import type { Finding } from "./finding.ts";
import { compileSchema } from "./schema.ts";
import { validate } from "./validate.ts";

/** Something of a document that its schema does not allow. */
export type SchemaFault = Pick<Finding, "description" | "field">;

/**
 * Makes a JSON Schema (drafts 4, 6 and 7) ready: the function says what of a document it does not allow.
 *
 * @throws RegoFault `rego/type` for what is no schema; the function throws it for a schema without end.
 */
export function prepareSchema(root: RegoValue): (document: RegoValue) => readonly SchemaFault[] {
  const schema = asFault(() => compileSchema(root));
  return (document) => asFault(() => validate(context(), schema, document));
}

function context(): BuiltinContext {
  return { host: {}, memo: new Map(), spend: () => undefined };
}

function asFault<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof BuiltinError)) throw cause;
    throw new RegoFault("rego/type", cause.message, { cause });
  }
}
