import type { Location, Term } from "../syntax/index.ts";
import { quote } from "../values/index.ts";
import { calleeName } from "./calls.ts";
import { distinctEntries, distinctTerms } from "./distinct.ts";
import { isName } from "./strings.ts";

/** What a term's text needs of the module. */
export interface TermSource {
  readonly slice: (at: Location) => string;
  readonly varText: (name: string) => string;
}

/** A term on one line, as OPA shows terms in messages: calls are by the name of the builtin. */
export function termString(term: Term, source: TermSource): string {
  const string = (one: Term): string => termString(one, source);
  const list = (terms: readonly Term[]): string => terms.map(string).join(", ");
  switch (term.kind) {
    case "scalar":
      return typeof term.value === "string"
        ? quote(term.value)
        : source.slice(term.at).replaceAll(/\s+/g, "");
    case "var":
      return source.varText(term.name);
    case "ref":
      return string(term.head) + term.path.map((one) => fieldString(one, string)).join("");
    case "array":
      return `[${list(term.items)}]`;
    case "set":
      return term.items.length === 0 ? "set()" : `{${list(distinctTerms(term.items))}}`;
    case "object":
      return `{${distinctEntries(term.items)
        .map(([key, value]) => `${string(key)}: ${string(value)}`)
        .join(", ")}}`;
    case "call":
      return `${calleeName(term.operator)}(${list(term.args)})`;
    default:
      return source.slice(term.at);
  }
}

function fieldString(term: Term, string: (term: Term) => string): string {
  const name = term.kind === "scalar" && typeof term.value === "string" ? term.value : "";
  return isName(name) ? `.${name}` : `[${string(term)}]`;
}
