import { withoutSecrets } from "../decisions/index.ts";
import { isObject, mergeShallow, objectEntries, objectGet, objectOf } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";
import { standardDecisions } from "./configuration.ts";
import type { Configuration } from "./configuration.ts";

/** The configuration for people: with what was not said, and without credentials, keys and headers that look like secrets. */
export function shownConfiguration(
  { source }: Configuration,
  labels: Readonly<Record<string, string>>,
): AnyObject {
  const given = source.reveal();
  const parts = [
    given,
    { labels },
    shownEach(given, "services", ["credentials"]),
    shownEach(given, "keys", ["key", "private_key"]),
  ];
  return parts.reduce(mergeShallow, standardDecisions);
}

function shownEach(given: AnyObject, section: string, hidden: readonly RegoValue[]): AnyObject {
  const of = objectGet(given, section);
  if (of === undefined || !isObject(of)) return {};
  return {
    [section]: objectOf(objectEntries(of).map(([name, one]) => [name, shownOne(one, hidden)] as const)),
  };
}

function shownOne(of: RegoValue, hidden: readonly RegoValue[]): RegoValue {
  if (!isObject(of)) return of;
  const kept = objectEntries(of).filter(([name]) => !hidden.includes(name));
  return withoutSecrets(objectOf(kept), "").value;
}
