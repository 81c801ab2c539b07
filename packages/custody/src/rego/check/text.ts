import type { RegoType } from "../types.ts";
import type { Known } from "./algebra.ts";

/** A type as OPA's messages show it; `???` for one that is not known. */
export function typeText(type: Known): string {
  if (type === undefined) return "???";
  switch (type.type) {
    case "array":
      return `array${listText(type.static)}${type.dynamic ? `[${typeText(type.dynamic)}]` : ""}`;
    case "set":
      return `set[${typeText(type.of ?? { type: "any" })}]`;
    case "object":
      return objectText(type);
    case "any":
      return type.of && type.of.length > 0 ? `any<${type.of.map(typeText).toSorted().join(", ")}>` : "any";
    case "function":
      return `${argsText(type.args ?? [])} => ${typeText(type.result)}`;
    default:
      return type.type;
  }
}

function listText(items: readonly RegoType[] | undefined): string {
  return items && items.length > 0 ? `<${items.map(typeText).join(", ")}>` : "";
}

function objectText(type: RegoType & { type: "object" }): string {
  const named = (type.static ?? []).map(({ key, value }) => `${key}: ${typeText(value)}`).toSorted();
  const dynamic = type.dynamic ? `[${typeText(type.dynamic.key)}: ${typeText(type.dynamic.value)}]` : "";
  return `object${named.length > 0 ? `<${named.join(", ")}>` : ""}${dynamic}`;
}

export function argsText(types: readonly Known[], variadic?: RegoType): string {
  const all = types.map(typeText);
  return `(${[...all, ...(variadic ? [`${typeText(variadic)}...`] : [])].join(", ")})`;
}
