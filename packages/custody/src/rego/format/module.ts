import { lex } from "../syntax/lexer.ts";
import type { Location, Module, Rule } from "../syntax/index.ts";
import type { Comment } from "../syntax/token.ts";
import { groupImports } from "./imports.ts";
import type { ImportLine } from "./imports.ts";
import { commentText } from "./output.ts";
import type { Style } from "./printer.ts";
import { RulePrinter } from "./rules.ts";

interface ModuleParts {
  readonly module: Module;
  readonly imports: readonly ImportLine[];
  readonly style: Style;
}

/** The text of a module, laid out. */
export function printModule(parts: ModuleParts): string {
  return new ModulePrinter(parts).print();
}

class ModulePrinter extends RulePrinter {
  readonly #module: Module;
  readonly #imports: readonly ImportLine[];
  readonly #importComments: ReadonlyMap<ImportLine, Comment>;

  constructor({ module, imports, style }: ModuleParts) {
    const behind = commentsBehind(imports, module);
    const placed = new Set(behind.values());
    super({ text: module.text, comments: module.comments.filter((one) => !placed.has(one)), style });
    this.#module = module;
    this.#imports = imports;
    this.#importComments = behind;
  }

  print(): string {
    this.#printPackage();
    for (const { imports, rules } of alternate(this.#imports, this.#module.rules)) {
      this.#printImports(imports);
      this.printRules(rules);
    }
    for (const comment of this.comments.takeAll()) this.output.writeLine(commentText(comment));
    return `${this.output.text.replace(/\n+$/, "")}\n`;
  }

  #printPackage(): void {
    const { package: path, packageAt } = this.#module;
    this.placeComments(packageAt.row);
    this.output.startLine();
    this.output.write(`package ${this.#pathText(path, packageAt)}`);
    this.output.blankLine();
  }

  /** A path as it was written, as far as that says how its names are quoted. */
  #pathText([root = "", ...names]: readonly string[], at: Location | undefined): string {
    const tokens = at ? lex(this.slice(at), "").tokens : [];
    const [, , ...written] = tokens.filter(({ kind }) => kind !== "symbol" && kind !== "end");
    return root + names.map((name, i) => this.fieldText(name, written[i]?.kind === "string")).join("");
  }

  #printImports(imports: readonly ImportLine[]): void {
    for (const group of groupImports(imports)) {
      this.placeComments(Math.min(...group.map(({ row }) => row)));
      for (const line of group) {
        this.output.startLine();
        this.output.write(this.#importText(line));
        this.output.endLine();
      }
      this.output.blankLine();
    }
  }

  #importText(line: ImportLine): string {
    const { path, alias, from } = line;
    const comment = this.#importComments.get(line);
    const named = alias === undefined ? "" : ` as ${alias}`;
    const behind = comment ? ` ${commentText(comment)}` : "";
    return `import ${this.#pathText(path, from?.at)}${named}${behind}`;
  }
}

/** The comments in the rows of imports, by the first import of the row. */
function commentsBehind(
  imports: readonly ImportLine[],
  { comments, packageAt }: Module,
): ReadonlyMap<ImportLine, Comment> {
  const firsts = new Map(imports.toReversed().map((line) => [line.row, line]));
  return new Map(
    comments.flatMap((comment) => {
      const line = comment.row > packageAt.row ? firsts.get(comment.row) : undefined;
      return line ? [[line, comment] as const] : [];
    }),
  );
}

interface Stretch {
  readonly imports: ImportLine[];
  readonly rules: Rule[];
}

/** Imports and rules in the order of the text, as stretches of imports and then rules. */
function alternate(imports: readonly ImportLine[], rules: readonly Rule[]): readonly Stretch[] {
  const statements = [
    ...imports.map((line) => ({ row: line.row, col: line.col, line, rule: undefined })),
    ...rules.map((rule) => ({ row: rule.at.row, col: rule.at.col, line: undefined, rule })),
  ].toSorted((a, b) => a.row - b.row || a.col - b.col);
  const stretches: Stretch[] = [{ imports: [], rules: [] }];
  for (const { line, rule } of statements) {
    if (line && stretches.at(-1)?.rules.length) stretches.push({ imports: [], rules: [] });
    const last = stretches.at(-1);
    if (line) last?.imports.push(line);
    if (rule) last?.rules.push(rule);
  }
  return stretches;
}
