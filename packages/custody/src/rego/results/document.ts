import { goJson, goJsonIndented } from "../builtins/encoding/go-json.ts";
import type { RegoValue } from "../values/index.ts";

/**
 * What a command prints as JSON. Members stand in the order they are written in, as those of Go's structs do; a value
 * inside has its names sorted, as Go's maps have.
 */
export type Document = Members | Items | Value;

interface Members {
  readonly kind: "members";
  readonly members: readonly (readonly [string, Document])[];
}

interface Items {
  readonly kind: "items";
  readonly items: readonly Document[];
}

interface Value {
  readonly kind: "value";
  readonly value: RegoValue;
}

type Scalar = boolean | string | number;

/** The document of these members; what is undefined is left out. */
export function members(of: Readonly<Record<string, Document | Scalar | undefined>>): Document {
  const present = Object.entries(of).flatMap(([name, member]) =>
    member === undefined ? [] : [[name, asDocument(member)] as const],
  );
  return { kind: "members", members: present };
}

/** The same for names that data decides; they stand in the order given. */
export function membersOf(entries: Iterable<readonly [string, Document]>): Document {
  return { kind: "members", members: [...entries] };
}

export function items(of: readonly (Document | Scalar)[]): Document {
  return { kind: "items", items: of.map(asDocument) };
}

/** A value of a policy: what it holds is never taken for a document. */
export function value(of: RegoValue): Document {
  return { kind: "value", value: of };
}

function asDocument(of: Document | Scalar): Document {
  return typeof of === "object" ? of : value(of);
}

/** The document on many lines, two spaces an indent, as Go's encoder writes it. */
export function documentText(document: Document, prefix = ""): string {
  const inner = `${prefix}  `;
  switch (document.kind) {
    case "value":
      return goJsonIndented(document.value, prefix, "  ");
    case "items":
      return block(
        "[]",
        document.items.map((item) => documentText(item, inner)),
        prefix,
      );
    default:
      return block(
        "{}",
        document.members.map(([name, member]) => `${goJson(name)}: ${documentText(member, inner)}`),
        prefix,
      );
  }
}

/** The document on one line, as Go's encoder writes it. */
export function documentLine(document: Document): string {
  switch (document.kind) {
    case "value":
      return goJson(document.value);
    case "items":
      return `[${document.items.map(documentLine).join()}]`;
    default:
      return `{${document.members.map(([name, member]) => `${goJson(name)}:${documentLine(member)}`).join()}}`;
  }
}

function block(brackets: string, parts: readonly string[], prefix: string): string {
  if (parts.length === 0) return brackets;
  const lines = parts.map((part) => `${prefix}  ${part}`).join(",\n");
  return `${brackets.charAt(0)}\n${lines}\n${prefix}${brackets.charAt(1)}`;
}
