import { objectEntries } from "./entries.ts";
import { kindOf, kinds } from "./kinds.ts";
import { numberText } from "./number.ts";
import type { AnyNumber } from "./number.ts";
import { quote } from "./strings.ts";
import type { RegoSet } from "./set.ts";
import type { AnyObject, RegoArray, RegoValue } from "./value.ts";

/** The value as Rego source: what messages and `sprintf("%v")` show (OPA's `Value.String`). */
export function termText(value: RegoValue): string {
  switch (kindOf(value)) {
    case kinds.string:
      return quote(value as string);
    case kinds.number:
      return numberText(value as AnyNumber);
    case kinds.array:
      return `[${(value as RegoArray).map(termText).join(", ")}]`;
    case kinds.object:
      return `{${objectEntries(value as AnyObject)
        .map(entryText)
        .join(", ")}}`;
    case kinds.set:
      return setText(value as RegoSet);
    default:
      return JSON.stringify(value);
  }
}

function entryText([key, value]: readonly [RegoValue, RegoValue]): string {
  return `${termText(key)}: ${termText(value)}`;
}

function setText(set: RegoSet): string {
  return set.size === 0 ? "set()" : `{${set.sorted().map(termText).join(", ")}}`;
}
