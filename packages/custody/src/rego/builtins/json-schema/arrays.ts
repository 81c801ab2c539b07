import { isArray, objectGet } from "../../values/index.ts";
import type { RegoArray } from "../../values/index.ts";
import { canonicalKey } from "../../values/index.ts";
import type { Part, PartValidator } from "./part.ts";
import { Report } from "./report.ts";

export function validateArray(validator: PartValidator, part: Part<RegoArray>): void {
  validateItems(validator, part);
  validateSize(part);
  validateContains(validator, part);
  part.report.rise();
}

function validateItems(validator: PartValidator, { schema, value, path, report }: Part<RegoArray>): void {
  const items = objectGet(schema, "items");
  if (items === undefined || (isArray(items) && items.length === 0)) return;
  const additional = objectGet(schema, "additionalItems") ?? true;
  for (const [i, item] of value.entries()) {
    const own = isArray(items) ? items[i] : items;
    if (own === undefined && typeof additional === "boolean") break;
    report.merge(validator.attempt(own ?? additional, item, [...path, i]));
  }
  if (isArray(items) && additional === false && value.length > items.length)
    report.add("array_no_additional_items", path, "No additional items allowed on array");
}

function validateSize({ schema, value, path, report }: Part<RegoArray>): void {
  const [least, most] = [objectGet(schema, "minItems"), objectGet(schema, "maxItems")];
  if (typeof least === "number" && value.length < least)
    report.add("array_min_items", path, `Array must have at least ${least} items`);
  if (typeof most === "number" && value.length > most)
    report.add("array_max_items", path, `Array must have at most ${most} items`);
  if (objectGet(schema, "uniqueItems") !== true) return;
  const places = new Map<string, number>();
  for (const [i, key] of value.map(canonicalKey).entries()) {
    const before = places.get(key);
    if (before !== undefined) report.add("unique", path, `array items[${before},${i}] must be unique`);
    places.set(key, i);
  }
}

function validateContains(validator: PartValidator, { schema, value, path, report }: Part<RegoArray>): void {
  const wanted = validator.word(schema, "contains");
  if (wanted === undefined) return;
  const attempts = value.map((item, i) => validator.attempt(wanted, item, [...path, i]));
  if (attempts.some(({ isClean }) => isClean)) return;
  report.add("contains", path, "At least one of the items must match");
  const best = Report.closest(attempts);
  if (best) report.merge(best);
}
