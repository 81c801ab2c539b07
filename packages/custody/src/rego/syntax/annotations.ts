import { parseDocument } from "yaml";

import { objectOf } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import type { Diagnostic } from "./diagnostics.ts";
import type { Location } from "./location.ts";
import type { Comment } from "./token.ts";

type AnnotationScope = "rule" | "document" | "package" | "subpackages";

/** A `# METADATA` block, and what it is about. */
export interface Annotation {
  readonly scope: AnnotationScope;
  readonly entrypoint: boolean;
  /** What `rego.metadata.rule()` shows of it. */
  readonly value: RegoValue;
  readonly schemas: readonly SchemaAnnotation[];
  readonly at: Location;
  /** The number of the statement that it stands before. */
  readonly statement: number;
}

/** The document at a path has a shape: one that is registered under a name, or one that is given here. */
export interface SchemaAnnotation {
  readonly path: string;
  readonly schema: string | undefined;
  readonly definition: RegoValue | undefined;
}

/** What a statement is, for the annotations before it. */
export interface AnnotatedStatement {
  readonly kind: "package" | "import" | "rule";
  readonly row: number;
}

export interface AnnotationsRead {
  readonly annotations: readonly Annotation[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The annotations among a module's comments. */
export function readAnnotations(
  comments: readonly Comment[],
  statements: readonly AnnotatedStatement[],
  file: string,
): AnnotationsRead {
  const annotations: Annotation[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [first, ...rest] of blocksOf(comments)) {
    if (!first) continue;
    const at: Location = {
      file,
      row: first.row,
      col: first.col,
      offset: first.offset,
      end: rest.at(-1)?.end ?? first.end,
    };
    const read = readBlock(rest, statements, at);
    if (typeof read === "string") diagnostics.push({ code: "rego_parse_error", message: read, at });
    else annotations.push(read);
  }
  return { annotations, diagnostics };
}

function isMetadata({ col, text }: Comment): boolean {
  return col === 1 && text.trim().startsWith("METADATA");
}

/** The comments of each block: the line that says METADATA, and those directly below it. */
function blocksOf(comments: readonly Comment[]): Comment[][] {
  const blocks: Comment[][] = [];
  let last: Comment | undefined;
  for (const comment of comments) {
    const goesOn = last !== undefined && comment.col === 1 && comment.row === last.row + 1;
    if (isMetadata(comment)) blocks.push([comment]);
    else if (goesOn) blocks.at(-1)?.push(comment);
    last = isMetadata(comment) || goesOn ? comment : undefined;
  }
  return blocks;
}

function readBlock(
  lines: readonly Comment[],
  statements: readonly AnnotatedStatement[],
  at: Location,
): Annotation | string {
  const text = lines.map((line) => line.text.replace(/^ /, "")).join("\n");
  if (text.trim() === "") return "expected METADATA block, found whitespace";
  const raw = readYaml(text);
  if (typeof raw === "string") return raw;
  const statement = statements.findIndex(({ row }) => row > at.row);
  const target = statements[statement]?.kind;
  const scope =
    typeof raw["scope"] === "string" ? raw["scope"] : defaultScope(target, raw["entrypoint"] === true);
  const problem = scopeProblem(scope, target, raw["entrypoint"] === true);
  if (problem !== undefined) return problem;
  try {
    const value = valueOf(raw, scope);
    return {
      scope: scope as AnnotationScope,
      entrypoint: raw["entrypoint"] === true,
      value,
      schemas: schemasOf(raw),
      at,
      statement,
    };
  } catch (error) {
    return (error as Error).message;
  }
}

function readYaml(text: string): Readonly<Record<string, unknown>> | string {
  const document = parseDocument(text, { schema: "core", version: "1.2", uniqueKeys: true });
  const [error] = document.errors;
  if (error) return `yaml: ${error.message.split("\n")[0] ?? ""}`;
  const raw: unknown = document.toJS({ maxAliasCount: 10 });
  return typeof raw === "object" && raw !== null && !Array.isArray(raw)
    ? (raw as Readonly<Record<string, unknown>>)
    : "yaml: unmarshal errors: the block is no mapping";
}

function defaultScope(target: AnnotatedStatement["kind"] | undefined, entrypoint: boolean): string {
  if (target === "rule") return entrypoint ? "document" : "rule";
  return target ?? "";
}

function scopeProblem(
  scope: string,
  target: AnnotatedStatement["kind"] | undefined,
  entrypoint: boolean,
): string | undefined {
  const wanted = { rule: "rule", document: "rule", package: "package", subpackages: "package" }[scope];
  if (wanted === undefined) {
    return `invalid annotation scope '${scope}'. Use one of 'rule', 'document', 'package', or 'subpackages'`;
  }
  const have = target === undefined ? "" : ` (have ${target})`;
  if (target !== wanted) return `annotation scope '${scope}' must be applied to ${wanted}${have}`;
  const misplaced = entrypoint && scope !== "document" && scope !== "package";
  return misplaced ? `annotation entrypoint applied to non-document or package scope '${scope}'` : undefined;
}

/** The annotation as a policy sees it: what is empty is left out. */
function valueOf(raw: Readonly<Record<string, unknown>>, scope: string): RegoValue {
  const members: (readonly [string, RegoValue])[] = [["scope", scope]];
  for (const name of ["title", "description"]) {
    const text = raw[name];
    if (typeof text === "string" && text !== "") members.push([name, text]);
  }
  if (raw["entrypoint"] === true) members.push(["entrypoint", true]);
  for (const [name, read] of Object.entries(lists)) {
    const items = raw[name];
    if (Array.isArray(items) && items.length > 0) members.push([name, items.map((item) => read(item))]);
  }
  for (const name of ["custom", "labels"]) {
    const mapping = raw[name];
    if (typeof mapping === "object" && mapping !== null && Object.keys(mapping).length > 0) {
      members.push([name, mapping as RegoValue]);
    }
  }
  return objectOf(members);
}

const lists: Readonly<Record<string, (item: unknown) => RegoValue>> = {
  organizations: (item) => String(item),
  related_resources: relatedResource,
  authors: author,
  schemas: (item) => {
    const { path, schema, definition } = schemaOf(item);
    const members: (readonly [string, RegoValue])[] = [["path", path.split(".")]];
    if (schema !== undefined) members.push(["schema", schema.split(".")]);
    if (definition !== undefined) members.push(["definition", definition]);
    return objectOf(members);
  },
};

function relatedResource(item: unknown): RegoValue {
  if (typeof item === "string" && item !== "") return { ref: item };
  const { ref, description } = (item ?? {}) as { ref?: unknown; description?: unknown };
  if (typeof ref !== "string" || ref.trim() === "") {
    throw new Error(
      `invalid related-resource definition ${JSON.stringify(item)}: 'ref' value required in object`,
    );
  }
  const said = typeof description === "string" ? description.trim() : "";
  return said === "" ? { ref: ref.trim() } : { ref: ref.trim(), description: said };
}

/** `name <mail>`, or a mapping of both. */
function author(item: unknown): RegoValue {
  const { name, email } = typeof item === "string" ? authorText(item) : authorMapping(item);
  if (name === "" && email === "") {
    throw new Error(
      `invalid author definition ${JSON.stringify(item)}: 'name' and/or 'email' values required in object`,
    );
  }
  return objectOf([
    ...(name === "" ? [] : [["name", name] as const]),
    ...(email === "" ? [] : [["email", email] as const]),
  ]);
}

interface Author {
  readonly name: string;
  readonly email: string;
}

function authorText(text: string): Author {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const last = words.at(-1) ?? "";
  const email = last.startsWith("<") && last.endsWith(">") && last.length >= 2 ? last.slice(1, -1) : "";
  return { name: (email === "" ? words : words.slice(0, -1)).join(" "), email };
}

function authorMapping(item: unknown): Author {
  const { name, email } = (item ?? {}) as { name?: unknown; email?: unknown };
  return {
    name: typeof name === "string" ? name.trim() : "",
    email: typeof email === "string" ? email.trim() : "",
  };
}

function schemasOf(raw: Readonly<Record<string, unknown>>): readonly SchemaAnnotation[] {
  return Array.isArray(raw["schemas"]) ? raw["schemas"].map(schemaOf) : [];
}

function schemaOf(item: unknown): SchemaAnnotation {
  const [entry] = Object.entries((item ?? {}) as Record<string, unknown>);
  if (!entry) throw new Error("invalid document reference");
  const [path, schema] = entry;
  if (typeof schema === "string") {
    if (schema !== "schema" && !schema.startsWith("schema.")) throw new Error("invalid schema reference");
    return { path, schema, definition: undefined };
  }
  if (typeof schema !== "object" || schema === null)
    throw new Error(`invalid schema declaration for path "${path}"`);
  return { path, schema: undefined, definition: schema as RegoValue };
}
