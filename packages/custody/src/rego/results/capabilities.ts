import type { Builtin } from "../builtins/builtin.ts";
import type { RegoType } from "../types.ts";
import { compareStrings } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { items, members, value } from "./document.ts";
import type { Document } from "./document.ts";

/** What the engine can do, in the shape of OPA's capabilities files. */
export function capabilitiesDocument(builtins: readonly Builtin[]): Document {
  return members({
    builtins: items(inOrder(builtins).map(builtinDocument)),
    future_keywords: items(["not"]),
    features: items(["keywords_in_refs", "rego_v1", "template_strings"]),
  });
}

function inOrder(builtins: readonly Builtin[]): readonly Builtin[] {
  return builtins.toSorted((a, b) => compareStrings(a.name, b.name));
}

function builtinDocument(builtin: Builtin): Document {
  const { name, args, result, variadic, infix, relation, deprecated, nondeterministic } = builtin;
  const decl = {
    ...(args.length > 0 && { args }),
    ...(result && { result }),
    type: "function",
    ...(variadic && { variadic }),
  };
  // Types are written as OPA writes them: they are values as they are.
  return members({ name, decl: value(decl as RegoValue), infix, relation, deprecated, nondeterministic });
}

/** One line a builtin: `count(any<…>) → number`. */
export function capabilitiesLines(builtins: readonly Builtin[]): readonly string[] {
  return inOrder(builtins).map(({ name, args, variadic, result, nondeterministic, deprecated }) => {
    const operands = [...args.map(typeText), ...(variadic ? [`${typeText(variadic)}…`] : [])].join(", ");
    const notes = [...(nondeterministic ? ["asks the host"] : []), ...(deprecated ? ["deprecated"] : [])];
    const answer = result ? ` → ${typeText(result)}` : "";
    return `${name}(${operands})${answer}${notes.length > 0 ? `  (${notes.join(", ")})` : ""}`;
  });
}

function typeText(type: RegoType): string {
  switch (type.type) {
    case "any":
      return type.of && type.of.length > 0 ? type.of.map(typeText).join(" | ") : "any";
    case "array":
      return type.static ? `[${type.static.map(typeText).join(", ")}]` : listText("array", type.dynamic);
    case "set":
      return listText("set", type.of);
    default:
      return type.type;
  }
}

function listText(name: string, of: RegoType | undefined): string {
  return of ? `${name}<${typeText(of)}>` : name;
}
