import { isArray, isObject, objectEntries, objectGet } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { objectName } from "../../values/json-text.ts";
import { finding } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Part, PartValidator } from "./part.ts";
import { findPattern } from "./schema.ts";

export function objectFindings(validator: PartValidator, part: Part<AnyObject>): readonly Finding[] {
  return [
    ...dependencyFindings(validator, part),
    ...sizeFindings(part),
    ...requiredFindings(part),
    ...memberFindings(validator, part),
  ];
}

function requiredFindings({ schema, value, path }: Part<AnyObject>): readonly Finding[] {
  const required = objectGet(schema, "required") ?? [];
  return (isArray(required) ? required : [])
    .filter((name) => objectGet(value, name) === undefined)
    .map((name) => finding("required", path, `${objectName(name)} is required`));
}

function sizeFindings({ schema, value, path }: Part<AnyObject>): readonly Finding[] {
  const size = objectEntries(value).length;
  const [least, most] = [objectGet(schema, "minProperties"), objectGet(schema, "maxProperties")];
  const found: Finding[] = [];
  if (typeof least === "number" && size < least)
    found.push(finding("array_min_properties", path, `Must have at least ${least} properties`));
  if (typeof most === "number" && size > most)
    found.push(finding("array_max_properties", path, `Must have at most ${most} properties`));
  return found;
}

function dependencyFindings(
  validator: PartValidator,
  { schema, value, path }: Part<AnyObject>,
): readonly Finding[] {
  const dependencies = objectGet(schema, "dependencies");
  if (dependencies === undefined || !isObject(dependencies)) return [];
  const present = objectEntries(dependencies).filter(([name]) => objectGet(value, name) !== undefined);
  return present.flatMap(([, wanted]) =>
    isArray(wanted)
      ? wanted
          .filter((name) => objectGet(value, name) === undefined)
          .map((name) => finding("missing_dependency", path, `Has a dependency on ${objectName(name)}`))
      : validator.validate(wanted, value, path),
  );
}

function memberFindings(
  validator: PartValidator,
  { schema, value, path }: Part<AnyObject>,
): readonly Finding[] {
  const additional = objectGet(schema, "additionalProperties") ?? true;
  const names = objectGet(schema, "propertyNames");
  return objectEntries(value).flatMap(([key, member]) => {
    const name = objectName(key);
    const at = [...path, name];
    const nameFindings = names === undefined ? [] : validator.validate(names, name, path);
    const schemas = memberSchemas(schema, name);
    const found = schemas.flatMap((part) => validator.validate(part, member, at));
    if (nameFindings.length > 0) {
      const own = finding("invalid_property_name", path, `Property name of "${name}" does not match`);
      found.push(own, ...nameFindings);
    }
    if (schemas.length > 0) return found;
    return additional === false
      ? [
          ...found,
          finding("additional_property_not_allowed", path, `Additional property ${name} is not allowed`),
        ]
      : [...found, ...validator.validate(additional, member, at)];
  });
}

/** The schemas that the properties and the patterns have for a name. */
function memberSchemas(schema: AnyObject, name: string): readonly RegoValue[] {
  const [properties, patterns] = [objectGet(schema, "properties"), objectGet(schema, "patternProperties")];
  const own = properties !== undefined && isObject(properties) ? objectGet(properties, name) : undefined;
  const matching = (patterns !== undefined && isObject(patterns) ? objectEntries(patterns) : [])
    .filter(([pattern]) => findPattern(objectName(pattern))?.matcher(name).find())
    .map(([, part]) => part);
  return own === undefined ? matching : [own, ...matching];
}
