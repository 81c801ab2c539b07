import { isArray, objectGet, RegoSet } from "../../values/index.ts";
import type { RegoArray } from "../../values/index.ts";
import { closest, finding } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Part, PartValidator } from "./part.ts";

export function arrayFindings(validator: PartValidator, part: Part<RegoArray>): readonly Finding[] {
  return [...itemFindings(validator, part), ...sizeFindings(part), ...containsFindings(validator, part)];
}

function itemFindings(
  validator: PartValidator,
  { schema, value, path }: Part<RegoArray>,
): readonly Finding[] {
  const items = objectGet(schema, "items");
  if (items === undefined) return [];
  if (!isArray(items)) return value.flatMap((item, i) => validator.validate(items, item, [...path, i]));
  const additional = objectGet(schema, "additionalItems") ?? true;
  const checked = additional === false ? value.slice(0, items.length) : value;
  const found = checked.flatMap((item, i) => validator.validate(items[i] ?? additional, item, [...path, i]));
  return checked.length === value.length
    ? found
    : [...found, finding("array_no_additional_items", path, "No additional items allowed on array")];
}

function sizeFindings({ schema, value, path }: Part<RegoArray>): readonly Finding[] {
  const found: Finding[] = [];
  const [least, most] = [objectGet(schema, "minItems"), objectGet(schema, "maxItems")];
  if (typeof least === "number" && value.length < least)
    found.push(finding("array_min_items", path, `Array must have at least ${least} items`));
  if (typeof most === "number" && value.length > most)
    found.push(finding("array_max_items", path, `Array must have at most ${most} items`));
  if (objectGet(schema, "uniqueItems") === true && new RegoSet(value).size < value.length)
    found.push(finding("unique", path, `array items[${repeatedPlaces(value)}] must be unique`));
  return found;
}

/** Where a member stands for the first time and for the second. */
function repeatedPlaces(value: RegoArray): string {
  const seen = new RegoSet();
  const second = value.findIndex((item) => seen.size === seen.add(item).size);
  const first = value.findIndex((item) => new RegoSet([item]).has(value[second] ?? null));
  return `${first},${second}`;
}

function containsFindings(
  validator: PartValidator,
  { schema, value, path }: Part<RegoArray>,
): readonly Finding[] {
  const wanted = objectGet(schema, "contains");
  if (wanted === undefined) return [];
  const attempts = value.map((item, i) => validator.validate(wanted, item, [...path, i]));
  if (attempts.some((found) => found.length === 0)) return [];
  return [finding("contains", path, "At least one of the items must match"), ...closest(attempts)];
}
