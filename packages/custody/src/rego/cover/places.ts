import { visitRule } from "../compile/visit.ts";
import type { Location, Module, Rule } from "../syntax/index.ts";

/** The places of a module that count: rule heads, and expressions that are more than declarations. */
export function placesOf({ rules }: Module): readonly Location[] {
  const places: Location[] = [];
  for (const rule of rules) {
    places.push(...headPlaces(rule));
    visitRule(rule, {
      expr: ({ form, at }) => {
        const isDeclaration = form === "some" || form === "some-in";
        if (!isDeclaration && at.file !== "") places.push(at);
      },
    });
  }
  return places;
}

function headPlaces({ head, elseRule }: Rule): readonly Location[] {
  return [head.at, ...(elseRule ? headPlaces(elseRule) : [])];
}
