import { isArray, isObject, objectEntries, objectGet } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { objectName } from "../../values/json-text.ts";
import type { Path } from "./finding.ts";
import { findPattern } from "./keywords.ts";
import type { Part, PartValidator } from "./part.ts";

/** All that a schema says about an object but for its properties. */
export function validateObject(validator: PartValidator, part: Part<AnyObject>): void {
  validateSize(part);
  validateRequired(part);
  for (const [key, member] of objectEntries(part.value))
    validateMember(validator, part, { name: objectName(key), member });
  validateNames(validator, part);
  part.report.rise();
}

/** The members that the schema knows by name. */
export function validateProperties(
  validator: PartValidator,
  { schema, value, path, report }: Part<AnyObject>,
): void {
  const properties = objectGet(schema, "properties");
  if (properties === undefined || !isObject(properties)) return;
  for (const [name, part] of objectEntries(properties)) {
    const member = objectGet(value, name);
    if (member !== undefined) report.merge(validator.attempt(part, member, [...path, objectName(name)]));
  }
}

function validateSize({ schema, value, path, report }: Part<AnyObject>): void {
  const size = objectEntries(value).length;
  const [least, most] = [objectGet(schema, "minProperties"), objectGet(schema, "maxProperties")];
  if (typeof least === "number" && size < least)
    report.add("array_min_properties", path, `Must have at least ${least} properties`);
  if (typeof most === "number" && size > most)
    report.add("array_max_properties", path, `Must have at most ${most} properties`);
}

function validateRequired({ schema, value, path, report }: Part<AnyObject>): void {
  const required = objectGet(schema, "required") ?? [];
  for (const name of isArray(required) ? required : []) {
    if (objectGet(value, name) === undefined) report.add("required", path, `${objectName(name)} is required`);
    else report.rise();
  }
}

interface Member {
  readonly name: string;
  readonly member: RegoValue;
}

/** What patterns say about a member, and what is said about members that nothing else knows. */
function validateMember(
  validator: PartValidator,
  { schema, path, report }: Part<AnyObject>,
  { name, member }: Member,
): void {
  const at: Path = [...path, name];
  const matching = patternSchemas(schema, name);
  for (const part of matching) report.merge(validator.attempt(part, member, at));
  if (matching.length > 0) report.rise();
  if (matching.length > 0 || isProperty(schema, name)) return;
  const additional = objectGet(schema, "additionalProperties") ?? true;
  if (additional === false)
    report.add("additional_property_not_allowed", path, `Additional property ${name} is not allowed`);
  else if (additional !== true) report.merge(validator.attempt(additional, member, at));
}

function isProperty(schema: AnyObject, name: string): boolean {
  const properties = objectGet(schema, "properties");
  return properties !== undefined && isObject(properties) && objectGet(properties, name) !== undefined;
}

function patternSchemas(schema: AnyObject, name: string): readonly RegoValue[] {
  const patterns = objectGet(schema, "patternProperties");
  return (patterns !== undefined && isObject(patterns) ? objectEntries(patterns) : [])
    .filter(([pattern]) => findPattern(objectName(pattern))?.matcher(name).find())
    .map(([, part]) => part);
}

function validateNames(validator: PartValidator, { schema, value, path, report }: Part<AnyObject>): void {
  const names = validator.word(schema, "propertyNames");
  if (names === undefined) return;
  for (const [key] of objectEntries(value)) {
    const name = objectName(key);
    const attempt = validator.attempt(names, name, path);
    if (attempt.isClean) continue;
    report.add("invalid_property_name", path, `Property name of "${name}" does not match`);
    report.merge(attempt);
  }
}
