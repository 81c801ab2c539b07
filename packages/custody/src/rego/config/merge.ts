import { isObject, mergeShallow, objectEntries, objectGet, objectOf } from "../values/index.ts";
import type { AnyObject } from "../values/index.ts";

/** The one configuration laid over the other: objects are merged, anything else of the upper one counts. */
export function mergeConfigurations(lower: AnyObject, upper: AnyObject): AnyObject {
  const laid = objectEntries(upper).map(([name, own]) => {
    const below = objectGet(lower, name);
    const isMerged = below !== undefined && isObject(below) && isObject(own);
    return [name, isMerged ? mergeConfigurations(below, own) : own] as const;
  });
  return mergeShallow(lower, objectOf(laid));
}
