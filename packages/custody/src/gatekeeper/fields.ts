import { isObject, objectEntries, termText } from "custody/rego";
import type { AnyObject, RegoValue } from "custody/rego";

import { GatekeeperFault } from "./faults.ts";
import type { Subject } from "./shape.ts";

/** The names and values of an object; a name that is no text stands as Rego writes it. */
export function fieldsOf(object: AnyObject): readonly (readonly [string, RegoValue])[] {
  return objectEntries(object).map(([name, value]) => [
    typeof name === "string" ? name : termText(name),
    value,
  ]);
}

/**
 * Texts by name, as labels are; none where there is no object.
 *
 * @throws GatekeeperFault with the subject's code for a value that is no text.
 */
export function readTexts(
  value: RegoValue | undefined,
  { code, what }: Subject,
): ReadonlyMap<string, string> {
  if (value === undefined || value === null) return new Map();
  const fields = isObject(value) ? fieldsOf(value) : [["", null] as const];
  return new Map(
    fields.map(([name, text]) => {
      if (typeof text === "string") return [name, text];
      throw new GatekeeperFault(code, `${what}: ${name}: texts by name`, { next: "quote the values" });
    }),
  );
}
