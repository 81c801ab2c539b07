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
  /** What stands behind imports, by their rows. */
  readonly #importComments: ReadonlyMap<number, Comment>;

  constructor({ module, imports, style }: ModuleParts) {
    const rows = new Set(imports.map(({ row }) => row));
    const isBehindImport = ({ row }: Comment): boolean => rows.has(row) && row !== module.packageAt.row;
    const comments = module.comments.filter((comment) => !isBehindImport(comment));
    super({ text: module.text, comments, style });
    this.#module = module;
    this.#imports = imports;
    this.#importComments = new Map(module.comments.filter(isBehindImport).map((one) => [one.row, one]));
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

  #importText({ path, alias, row, from }: ImportLine): string {
    const comment = from ? this.#importComments.get(row) : undefined;
    const named = alias === undefined ? "" : ` as ${alias}`;
    const behind = comment ? ` ${commentText(comment)}` : "";
    return `import ${this.#pathText(path, from?.at)}${named}${behind}`;
  }
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
