import { findInteger, isArray, isNumber, isObject, kindName, objectGet } from "../../values/index.ts";
import type { AnyObject, RegoArray, RegoValue } from "../../values/index.ts";
import { objectName } from "../../values/json-text.ts";
import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";
import { validateArray } from "./arrays.ts";
import { validateCombined } from "./combined.ts";
import { validateCommon } from "./common.ts";
import type { Finding, Path } from "./finding.ts";
import { validateObject, validateProperties } from "./objects.ts";
import type { Part, PartValidator } from "./part.ts";
import { Report } from "./report.ts";
import { validateNumber, validateString } from "./scalars.ts";
import type { Schema } from "./schema.ts";

const depthLimit = 300;

/** Since which draft a word counts. */
const since: ReadonlyMap<string, number> = new Map([
  ["propertyNames", 6],
  ["contains", 6],
  ["const", 6],
  ["if", 7],
  ["then", 7],
  ["else", 7],
]);

/** What a document does not satisfy. */
export function validate(context: BuiltinContext, schema: Schema, document: RegoValue): readonly Finding[] {
  return new Validator(context, schema).attempt(schema.root, document, []).findings;
}

class Validator implements PartValidator {
  readonly #context: BuiltinContext;
  readonly #schema: Schema;
  #depth = 0;

  constructor(context: BuiltinContext, schema: Schema) {
    this.#context = context;
    this.#schema = schema;
  }

  attempt(schema: RegoValue, value: RegoValue, path: Path): Report {
    this.#context.spend(1);
    const report = new Report();
    if (schema === false) report.add("false", path, "False always fails validation");
    if (!isObject(schema)) return report;
    if (++this.#depth > depthLimit) throw new BuiltinError("schema refers to itself without end");
    const reference = objectGet(schema, "$ref");
    if (typeof reference === "string")
      report.merge(this.attempt(this.#resolve(schema, reference), value, path));
    else if (isRightType({ schema, value, path, report })) this.#contents({ schema, value, path, report });
    this.#depth--;
    return report;
  }

  word(schema: AnyObject, name: string): RegoValue | undefined {
    return (since.get(name) ?? 0) <= this.#schema.draft ? objectGet(schema, name) : undefined;
  }

  #resolve(schema: AnyObject, reference: string): RegoValue {
    const { references } = this.#schema;
    return references.resolve(references.absolute(schema, reference));
  }

  #contents(part: Part): void {
    validateCombined(this, part);
    const { value } = part;
    if (isNumber(value)) validateNumber({ ...part, value });
    if (isArray(value)) validateArray(this, { ...part, value } satisfies Part<RegoArray>);
    if (isObject(value)) validateObject(this, { ...part, value });
    validateCommon(this, part);
    if (typeof value === "string") validateString({ ...part, value });
    if (isObject(value)) validateProperties(this, { ...part, value });
    part.report.rise();
  }
}

/** Whether the value has one of the types; a wrong one is the only finding. */
function isRightType({ schema, value, path, report }: Part): boolean {
  const type = objectGet(schema, "type");
  const names = type === undefined || isArray(type) ? (type ?? []) : [type];
  if (names.length === 0) return true;
  const given = isNumber(value) && findInteger(value) !== undefined ? "integer" : kindName(value);
  if (names.includes(given) || (given === "integer" && names.includes("number"))) return true;
  const shown = names.map(objectName).join();
  const wanted = names.length > 1 ? `[${shown}]` : shown;
  report.add("invalid_type", path, `Invalid type. Expected: ${wanted}, given: ${given}`);
  return false;
}
