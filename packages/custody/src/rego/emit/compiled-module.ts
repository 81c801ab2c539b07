import type { Builtin } from "../builtins/builtin.ts";
import { RegoFault } from "../faults.ts";
import type { RuleIndex } from "../plan/rule-index.ts";
import type { Location } from "../syntax/index.ts";
import { decodeKey, decodeValue, encodeKey, encodeValue } from "./compiled-value.ts";
import type { CompiledKey, CompiledValue } from "./compiled-value.ts";
import type { NodeOutline, Program } from "./library.ts";
import { linkCode, linkNames } from "./link.ts";
import type { Linked, ProgramParts } from "./link.ts";

/** Counts up with every change to what {@link moduleText} writes or to what emitted code calls. */
const format = 1;

interface CompiledIndex {
  readonly root: "input" | number;
  readonly path: readonly string[];
  readonly cases: readonly (readonly [CompiledKey, readonly number[]])[];
  readonly rest: readonly number[];
}

/** A place as a compiled module holds it: the number of its file, row, column, offset and end. */
type CompiledPlace = readonly [file: number, row: number, col: number, offset: number, end: number];

/** All of a program but its code. */
interface CompiledTables {
  readonly format: number;
  readonly nodes: readonly NodeOutline[];
  readonly constants: readonly CompiledValue[];
  readonly files: readonly string[];
  readonly places: readonly CompiledPlace[];
  readonly builtins: readonly string[];
  readonly indexes: readonly CompiledIndex[];
}

/** What an ES module exports that was compiled ahead of time. */
export interface CompiledModule {
  /** All of a program but its code, in a form that only its format's number says. */
  readonly tables: { readonly format: number };
  readonly link: (scope: never) => unknown;
}

/** A program as the text of an ES module, which needs nothing of the compiler to run. */
export function moduleText(source: string, parts: ProgramParts): string {
  return [
    "// Compiled from Rego. Do not change it: compile it anew.",
    `export const tables = ${JSON.stringify(tablesOf(parts))};`,
    `export function link({ ${linkNames.join(", ")} }) {`,
    source,
    "}",
    "",
  ].join("\n");
}

function tablesOf({ outline, constants, places, builtins, indexes }: ProgramParts): CompiledTables {
  const files = [...new Set(places.map(({ file }) => file))];
  return {
    format,
    nodes: outline,
    constants: constants.map(encodeValue),
    files,
    places: places.map(({ file, row, col, offset, end }) => [files.indexOf(file), row, col, offset, end]),
    builtins: builtins.map(({ name }) => name),
    indexes: indexes.map(({ subject, cases, rest }) => ({
      ...subject,
      cases: [...cases].map(([key, clauses]) => [encodeKey(key), clauses] as const),
      rest,
    })),
  };
}

/**
 * The program of a module that was compiled ahead of time.
 *
 * @throws RegoFault `rego/compiled` for a module of another version of the compiler, `rego/capability` for a builtin
 *   that it calls and is not given.
 */
export function linkModule(module: CompiledModule, builtins: ReadonlyMap<string, Builtin>): Program {
  if (module.tables.format !== format) {
    throw new RegoFault("rego/compiled", `the module is of format ${module.tables.format}, not ${format}`, {
      next: "compile the policy again with this version",
    });
  }
  const tables = module.tables as CompiledTables;
  const parts: ProgramParts = {
    outline: tables.nodes,
    constants: tables.constants.map(decodeValue),
    places: tables.places.map((place) => decodePlace(place, tables.files)),
    builtins: tables.builtins.map((name) => getBuiltin(name, builtins)),
    indexes: tables.indexes.map(decodeIndex),
  };
  return linkCode(module.link as (scope: object) => Linked, parts, builtins);
}

function decodePlace([file, row, col, offset, end]: CompiledPlace, files: readonly string[]): Location {
  return { file: files[file] ?? "", row, col, offset, end };
}

function decodeIndex({ root, path, cases, rest }: CompiledIndex): RuleIndex {
  const decoded = cases.map(([key, clauses]) => [decodeKey(key), clauses] as const);
  return { subject: { root, path }, cases: new Map(decoded), rest };
}

function getBuiltin(name: string, builtins: ReadonlyMap<string, Builtin>): Builtin {
  const found = builtins.get(name);
  if (!found) throw new RegoFault("rego/capability", `the builtin ${name} is not loaded`);
  return found;
}
