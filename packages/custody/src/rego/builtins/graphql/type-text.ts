import { child, text } from "./document.ts";
import type { Tree } from "./document.ts";

/** The type as GraphQL writes it: `[Int!]`. */
export function typeText(type: Tree | undefined): string {
  if (!type) return "";
  const element = child(type, "Elem");
  return (
    (element ? `[${typeText(element)}]` : text(type, "NamedType")) + (type["NonNull"] === true ? "!" : "")
  );
}

/** The name of the type inside all lists. */
export function namedType(type: Tree | undefined): string {
  const element = type && child(type, "Elem");
  return element ? namedType(element) : type ? text(type, "NamedType") : "";
}
