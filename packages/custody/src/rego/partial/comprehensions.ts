import { addUnique } from "../emit/library.ts";
import { nowhere } from "../syntax/index.ts";
import { ObjectBuilder, RegoSet } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import type { Machine } from "./machine.ts";
import { known } from "./terms.ts";
import type { Comprehension, Known } from "./terms.ts";

/**
 * The value of a comprehension in which all is known.
 *
 * @throws EvaluationError when an object has two values for one key.
 */
export function comprehensionValue(machine: Machine, { makes, yields, body }: Comprehension): Known {
  const found: (readonly RegoValue[])[] = [];
  machine.body(body, () => {
    const values = yields.map((term) => machine.bindings.plug(term));
    found.push(values.flatMap((term) => (term.kind === "known" ? [term.value] : [])));
  });
  if (makes === "object") return known(objectFrom(found));
  const items = found.flatMap(([item]) => (item === undefined ? [] : [item]));
  return known(makes === "array" ? items : new RegoSet(items));
}

function objectFrom(found: readonly (readonly RegoValue[])[]): RegoValue {
  const builder = new ObjectBuilder();
  for (const [key, value] of found) {
    if (key !== undefined && value !== undefined) addUnique(builder, key, value, nowhere);
  }
  return builder.build();
}
