import type { Import, Module } from "../syntax/index.ts";
import { compareStrings } from "../values/index.ts";
import { futureWord, isEveryKeyword, isRegoV1 } from "./import-kinds.ts";
import type { Target } from "./options.ts";

/** An import as it is to be written. */
export interface ImportLine extends Pick<Import, "path" | "alias"> {
  readonly row: number;
  readonly col: number;
  /** What stands in the source; undefined for an import that the formatter adds. */
  readonly from: Import | undefined;
}

export interface ImportWish {
  readonly target: Target;
  readonly dropsV0Imports: boolean;
  /** Keywords that expressions of the module use. */
  readonly usedWords: ReadonlySet<string>;
}

/** The imports that the module needs in the language that it is written for. */
export function planImports({ imports }: Module, wish: ImportWish): readonly ImportLine[] {
  const written = imports.map((one): ImportLine => ({
    path: one.path,
    alias: one.alias,
    row: one.at.row,
    col: one.at.col,
    from: one,
  }));
  const lines = withRegoV1(written, wish);
  const hasRegoV1 = lines.some(({ path }) => isRegoV1(path));
  if (wish.target === "v0" && !hasRegoV1) return [...wish.usedWords].reduce(withWord, lines);
  const drops = wish.dropsV0Imports || hasRegoV1;
  const kept = drops ? lines.filter(({ path }) => path[0] !== "future") : lines;
  return wish.usedWords.has("not") ? withWord(kept, "not") : kept;
}

function withRegoV1(lines: readonly ImportLine[], wish: ImportWish): readonly ImportLine[] {
  const has = lines.some(({ path }) => isRegoV1(path));
  if (wish.target === "v1" && wish.dropsV0Imports) return lines.filter(({ path }) => !isRegoV1(path));
  return wish.target === "v0v1" && !has ? [...lines, addedLine(lines, ["rego", "v1"])] : lines;
}

/** `every` brings `in` along. */
function withWord(lines: readonly ImportLine[], word: string): readonly ImportLine[] {
  const isThere = lines.some(({ path }) => {
    const imported = futureWord(path);
    return isEveryKeyword(path) || imported === word || (imported === "every" && word === "in");
  });
  return isThere ? lines : [...lines, addedLine(lines, ["future", "keywords", word])];
}

/** Below the imports of keywords, or else above all. */
function addedLine(lines: readonly ImportLine[], path: readonly string[]): ImportLine {
  const rows = lines.filter((line) => line.path[0] === "future" || isRegoV1(line.path)).map(({ row }) => row);
  const last = Math.max(0, ...rows);
  return { path, alias: undefined, row: last + 1, col: 1, from: undefined };
}

/** Imports that stand directly below one another, each group in the order of the paths. */
export function groupImports(lines: readonly ImportLine[]): readonly (readonly ImportLine[])[] {
  const groups: ImportLine[][] = [];
  for (const [i, line] of lines.entries()) {
    const before = lines[i - 1];
    if (before === undefined || line.row - before.row > 1) groups.push([line]);
    else groups.at(-1)?.push(line);
  }
  return groups.map((group) => group.toSorted(compareLines));
}

function compareLines(a: ImportLine, b: ImportLine): number {
  for (const [i, name] of a.path.entries()) {
    const order = compareStrings(name, b.path[i] ?? "");
    if (order !== 0) return order;
  }
  return a.path.length - b.path.length || compareStrings(a.alias ?? "", b.alias ?? "");
}
