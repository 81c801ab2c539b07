import type { RegoType } from "../types.ts";
import { choices } from "./algebra.ts";

/** How deep a type is written out; what is deeper is `unknown`. */
const depthLimit = 12;

/** The TypeScript type of the JSON that stands for values of a type: sets are arrays, keys are strings. */
export function typescriptOf(type: RegoType | undefined, depth = 0): string {
  if (type === undefined || depth > depthLimit) return "unknown";
  const inner = (one: RegoType): string => typescriptOf(one, depth + 1);
  switch (type.type) {
    case "any":
      return (choices(type) ?? []).map(inner).join(" | ") || "unknown";
    case "array":
      return arrayText(type, inner);
    case "set":
      return listOf(type.of ? inner(type.of) : "unknown");
    case "object":
      return objectText(type, inner);
    case "function":
      return "never";
    default:
      return type.type;
  }
}

function arrayText(type: RegoType & { type: "array" }, inner: (one: RegoType) => string): string {
  const items = (type.static ?? []).map(inner);
  if (items.length === 0) return listOf(type.dynamic ? inner(type.dynamic) : "unknown");
  return `readonly [${[...items, ...(type.dynamic ? [`...(${inner(type.dynamic)})[]`] : [])].join(", ")}]`;
}

function listOf(item: string): string {
  return /^[\w{]/.test(item) && !item.includes(" | ") ? `readonly ${item}[]` : `readonly (${item})[]`;
}

/** A name that some value lacks is not known to be there: what a rule gives has all it names, what it asks for may not. */
function objectText(type: RegoType & { type: "object" }, inner: (one: RegoType) => string): string {
  const named = (type.static ?? []).map(
    ({ key, value }) => `readonly ${JSON.stringify(key)}: ${inner(value)}`,
  );
  const others = type.dynamic
    ? `readonly [key: string]: ${named.length > 0 ? "unknown" : inner(type.dynamic.value)}`
    : "";
  return `{ ${[...named, ...(others === "" ? [] : [others])].join("; ")} }`;
}
