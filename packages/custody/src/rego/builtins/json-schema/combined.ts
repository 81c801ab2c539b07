import { isArray, isObject, objectEntries, objectGet } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { objectName } from "../../values/json-text.ts";
import type { Part, PartValidator } from "./part.ts";
import { Report } from "./report.ts";

/** The words that make one schema of several. */
export function validateCombined(validator: PartValidator, part: Part): void {
  validateAnyOf(validator, part);
  validateOneOf(validator, part);
  validateAllOf(validator, part);
  validateNot(validator, part);
  validateDependencies(validator, part);
  validateCondition(validator, part);
  part.report.rise();
}

function schemasOf(schema: AnyObject, name: string): readonly RegoValue[] {
  const list = objectGet(schema, name);
  return list !== undefined && isArray(list) ? list : [];
}

function validateAnyOf(validator: PartValidator, { schema, value, path, report }: Part): void {
  const failed: Report[] = [];
  for (const one of schemasOf(schema, "anyOf")) {
    const attempt = validator.attempt(one, value, path);
    if (attempt.isClean) return;
    failed.push(attempt);
  }
  const best = Report.closest(failed);
  if (!best) return;
  report.add("number_any_of", path, "Must validate at least one schema (anyOf)");
  report.merge(best);
}

function validateOneOf(validator: PartValidator, { schema, value, path, report }: Part): void {
  const attempts = schemasOf(schema, "oneOf").map((one) => validator.attempt(one, value, path));
  const valid = attempts.filter(({ isClean }) => isClean).length;
  if (attempts.length === 0 || valid === 1) return;
  report.add("number_one_of", path, "Must validate one and only one schema (oneOf)");
  const best = valid === 0 ? Report.closest(attempts) : undefined;
  if (best) report.merge(best);
}

function validateAllOf(validator: PartValidator, { schema, value, path, report }: Part): void {
  const attempts = schemasOf(schema, "allOf").map((one) => validator.attempt(one, value, path));
  for (const attempt of attempts) report.merge(attempt);
  if (attempts.some(({ isClean }) => !isClean))
    report.add("number_all_of", path, "Must validate all the schemas (allOf)");
}

function validateNot(validator: PartValidator, { schema, value, path, report }: Part): void {
  const unwanted = objectGet(schema, "not");
  if (unwanted !== undefined && validator.attempt(unwanted, value, path).isClean)
    report.add("number_not", path, "Must not validate the schema (not)");
}

function validateDependencies(validator: PartValidator, { schema, value, path, report }: Part): void {
  const dependencies = objectGet(schema, "dependencies");
  if (dependencies === undefined || !isObject(dependencies) || !isObject(value)) return;
  for (const [name, wanted] of objectEntries(dependencies)) {
    if (objectGet(value, name) === undefined) continue;
    if (!isArray(wanted)) report.merge(validator.attempt(wanted, value, path));
    else
      for (const other of wanted.filter((other) => objectGet(value, other) === undefined))
        report.add("missing_dependency", path, `Has a dependency on ${objectName(other)}`);
  }
}

function validateCondition(validator: PartValidator, { schema, value, path, report }: Part): void {
  const condition = validator.word(schema, "if");
  if (condition === undefined) return;
  const holds = validator.attempt(condition, value, path).isClean;
  const name = holds ? "then" : "else";
  const consequence = validator.word(schema, name);
  const attempt = consequence === undefined ? undefined : validator.attempt(consequence, value, path);
  if (!attempt || attempt.isClean) return;
  const reason = holds ? '"if" was valid' : '"if" was not valid';
  report.add(`condition_${name}`, path, `Must validate "${name}" as ${reason}`);
  report.merge(attempt);
}
