import { readAnnotations } from "./annotations.ts";
import type { AnnotatedStatement, Annotation } from "./annotations.ts";
import type { Body, Import, Module, RegoVersion, Rule, Term } from "./ast.ts";
import { Cursor, laterKeywords } from "./cursor.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { RegoDiagnostics } from "./diagnostics.ts";
import { lex } from "./lexer.ts";
import { RuleParser } from "./rules.ts";
import type { Comment } from "./token.ts";
import { checkVersion } from "./version-rules.ts";

/** The largest text that is read, in UTF-16 units. */
const sourceLimit = 10 * 1024 * 1024;

export interface Source {
  /** What messages call it. */
  readonly file: string;
  readonly text: string;
}

export interface ParseOptions {
  /** The language that a module is in where its imports do not say. Default `v1`. */
  readonly version?: RegoVersion;
}

/**
 * The module that a text holds.
 *
 * @throws RegoDiagnostics `rego_parse_error` with file, row, column and a caret.
 */
export function parseModule(source: Source, options: ParseOptions = {}): Module {
  return parserOf(source, options).parseModule();
}

/**
 * The modules of several texts.
 *
 * @throws RegoDiagnostics with what is wrong with any of them.
 */
export function parseModules(sources: readonly Source[], options: ParseOptions = {}): readonly Module[] {
  const diagnostics: Diagnostic[] = [];
  const modules = sources.flatMap((source) => {
    try {
      return [parseModule(source, options)];
    } catch (error) {
      if (!(error instanceof RegoDiagnostics)) throw error;
      diagnostics.push(...error.diagnostics);
      return [];
    }
  });
  if (diagnostics.length > 0) throw new RegoDiagnostics(diagnostics);
  return modules;
}

/**
 * The expressions of a query: `data.p.allow = x; x != false`.
 *
 * @throws RegoDiagnostics `rego_parse_error`.
 */
export function parseQuery(text: string, options: ParseOptions = {}): Body {
  return parserOf({ file: "", text }, options).parseQuery();
}

function parserOf(source: Source, options: ParseOptions): ModuleParser {
  if (source.text.length > sourceLimit) {
    const message = `the text is larger than ${sourceLimit} characters`;
    throw new RegoDiagnostics([{ code: "rego_parse_error", message }]);
  }
  const { tokens, comments } = lex(source.text, source.file);
  return new ModuleParser(new Cursor(source, tokens), { source, comments, version: options.version ?? "v1" });
}

interface Setting {
  readonly source: Source;
  readonly comments: readonly Comment[];
  readonly version: RegoVersion;
}

class ModuleParser extends RuleParser {
  readonly #setting: Setting;
  #version: Module["version"];

  constructor(cursor: Cursor, setting: Setting) {
    super(cursor);
    this.#setting = setting;
    this.#version = setting.version;
    if (setting.version === "v1") this.#addKeywords(laterKeywords);
  }

  protected override get hasTemplates(): boolean {
    return this.#setting.version === "v1";
  }

  protected attempt<Result>(parse: () => Result): Result | undefined {
    try {
      return parse();
    } catch (error) {
      if (error instanceof RegoDiagnostics) return undefined;
      throw error;
    }
  }

  parseQuery(): Body {
    const body = [];
    while (!this.#atEnd()) {
      body.push(this.parseExpr());
      while (this.cursor.takeIfSymbol(";"));
      if (!this.#atEnd() && !this.cursor.token.onNewLine && !this.#afterSemicolon()) this.cursor.fail();
    }
    if (body.length === 0) this.cursor.failAt(this.cursor.token, "found empty query");
    return body;
  }

  #atEnd(): boolean {
    return this.cursor.token.kind === "end";
  }

  #afterSemicolon(): boolean {
    this.cursor.untake();
    return this.cursor.take().text === ";";
  }

  parseModule(): Module {
    const { file, text } = this.#setting.source;
    if (this.cursor.token.kind === "end")
      this.#fail([
        { code: "rego_parse_error", message: "empty module", at: this.cursor.from(this.cursor.token) },
      ]);
    const packageToken = this.cursor.token;
    if (!this.cursor.isKeyword("package")) this.cursor.failAt(packageToken, "package expected");
    const path = this.#package();
    const packageAt = this.cursor.from(packageToken);
    const imports: Import[] = [];
    const rules: Rule[] = [];
    while (this.cursor.token.kind !== "end") {
      if (this.cursor.isKeyword("package")) this.cursor.failAt(this.cursor.token, "unexpected package");
      if (this.cursor.isKeyword("import")) imports.push(this.#import());
      else rules.push(...this.parseRules());
      while (this.cursor.takeIfSymbol(";"));
    }
    const version = this.#version;
    this.#fail(version === "v0" ? [] : rules.flatMap(checkVersion));
    const annotations = this.#annotations(packageAt.row, imports, rules);
    const { comments } = this.#setting;
    return { file, text, version, package: path, packageAt, imports, rules, comments, annotations };
  }

  #annotations(row: number, imports: readonly Import[], rules: readonly Rule[]): readonly Annotation[] {
    const { comments, source } = this.#setting;
    const statements: AnnotatedStatement[] = [
      { kind: "package", row },
      ...imports.map(({ at }) => ({ kind: "import", row: at.row }) as const),
      ...rules.map(({ at }) => ({ kind: "rule", row: at.row }) as const),
    ];
    const { annotations, diagnostics } = readAnnotations(comments, statements, source.file);
    this.#fail(diagnostics);
    return annotations;
  }

  #fail(diagnostics: readonly Diagnostic[]): void {
    if (diagnostics.length > 0) throw new RegoDiagnostics(diagnostics);
  }

  #package(): string[] {
    this.cursor.take();
    return this.#names(this.#pathTerm());
  }

  /** A path may begin with what is a keyword elsewhere. */
  #pathTerm(): Term {
    if (this.cursor.token.kind !== "word") this.cursor.fail();
    return this.parseNamed();
  }

  /** The names of a path: `a.b["c"]`. */
  #names(term: Term): string[] {
    if (term.kind === "var") return [term.name];
    if (term.kind !== "ref" || term.head.kind !== "var") return this.cursor.fail("expected path");
    return [term.head.name, ...term.path.map((part) => this.#name(part))];
  }

  #name(part: Term): string {
    if (part.kind === "scalar" && typeof part.value === "string") return part.value;
    return this.cursor.failAt(part.at, `unexpected ${part.kind} token: expecting string`);
  }

  #import(): Import {
    const start = this.cursor.take();
    const pathToken = this.cursor.token;
    const path = this.#names(this.#importTerm());
    const [root = ""] = path;
    if (!["data", "input", "future", "rego"].includes(root)) {
      const wanted = "{data, future, input, rego}";
      const hint = "(hint: if this is unexpected, try updating OPA)";
      this.cursor.failAt(
        pathToken,
        `unexpected import path, must begin with one of: ${wanted}, got: ${root} ${hint}`,
      );
    }
    const alias = this.cursor.takeIfKeyword("as") ? this.#alias() : undefined;
    if (root === "future") this.#future(path, alias);
    else if (root === "rego") this.#regoImport(path, alias);
    else if (alias === undefined) this.#refuseKeyword(path.at(-1) ?? "");
    return { path, alias, at: this.cursor.from(start) };
  }

  /** Imports may name what an earlier import has made a keyword: `import future.keywords.in`. */
  #importTerm(): Term {
    const known = new Set(this.cursor.keywords);
    for (const word of [...laterKeywords, "not"]) this.cursor.keywords.delete(word);
    const term = this.#pathTerm();
    for (const word of known) this.cursor.keywords.add(word);
    return term;
  }

  #alias(): string {
    if (!this.cursor.isName()) this.cursor.fail("expected var");
    return this.cursor.take().text;
  }

  #refuseKeyword(name: string): void {
    if (!this.cursor.keywords.has(name)) return;
    const hint = "(hint: import a different path or use an alias)";
    this.cursor.failAt(
      this.cursor.token,
      `unexpected import path, must not end with a keyword, got: ${name} ${hint}`,
    );
  }

  #future([, keywords, keyword, ...more]: readonly string[], alias: string | undefined): void {
    if (keywords !== "keywords" || more.length > 0)
      this.#refuseImport("invalid import, must be `future.keywords`");
    if (alias !== undefined) this.#refuseImport("`future` imports cannot be aliased");
    const all = [...laterKeywords, "not"];
    if (keyword !== undefined && !all.includes(keyword)) {
      this.#refuseImport(`unexpected keyword, must be one of [${all.sort().join(" ")}]`);
    }
    if (keyword === undefined || keyword === "not") this.notBodies = true;
    this.#addKeywords(keyword === undefined ? all : [keyword]);
  }

  #regoImport([, version, ...more]: readonly string[], alias: string | undefined): void {
    if (version !== "v1" || more.length > 0) this.#refuseImport("invalid import, must be `rego.v1`");
    if (this.#version === "v1") return;
    if (alias !== undefined) this.#refuseImport("`rego` imports cannot be aliased");
    this.#version = "v0v1";
    this.#addKeywords(laterKeywords);
  }

  #refuseImport(message: string): never {
    this.cursor.untake();
    return this.cursor.failAt(this.cursor.token, message);
  }

  /** `every` brings `in` along. */
  #addKeywords(words: readonly string[]): void {
    for (const word of words.includes("every") ? [...words, "in"] : words) this.cursor.keywords.add(word);
  }
}
