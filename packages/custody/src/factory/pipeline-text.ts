import * as v from "valibot";
import type { Document } from "yaml";
import { isMap, isNode, LineCounter, parseDocument } from "yaml";

import { factoryFault } from "./faults.ts";
import type { WrittenPipeline } from "./pipeline-schema.ts";
import { pipelineSchema } from "./pipeline-schema.ts";

/** A key of a mapping or an index of a sequence. */
export type PathPart = string | number;

const maxTextLength = 256 * 1024;
const maxAliases = 50;
/** A pipeline nests five deep; what nests deeper is made to take long. */
const maxDepth = 32;
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** The text of a custody.yaml, read as YAML 1.2, with a way back from what it says to the line that says it. */
export class PipelineText {
  readonly written: WrittenPipeline;
  readonly #document: Document;
  readonly #lines: LineCounter;

  /** @throws CustodyError `factory/syntax` or `factory/shape`, with line and column. */
  constructor(text: string) {
    this.#lines = new LineCounter();
    refuseDeepText(text);
    this.#document = parseYaml(text, this.#lines);
    const [problem] = [...this.#document.errors, ...this.#document.warnings];
    if (problem !== undefined) throw this.#syntaxFault(problem.pos[0], problem.message);
    this.written = this.#readShape();
  }

  /** A fault about a place in the text. */
  fault(
    code: "factory/shape" | "factory/reference",
    path: readonly PathPart[],
    problem: string,
    next?: string,
  ): Error {
    const { line, col } = this.#lines.linePos(this.#offsetOf(path));
    const at = formatPath(path);
    return factoryFault(code, `custody.yaml:${line}:${col}: ${at === "" ? "" : `${at}: `}${problem}`, {
      subject: at === "" ? "custody.yaml" : at,
      next: next ?? "mend custody.yaml, commit, and deliver again",
      details: { line, column: col, path },
    });
  }

  #readShape(): WrittenPipeline {
    const value = this.#toValue();
    const result = v.safeParse(pipelineSchema, value, { abortPipeEarly: true });
    if (result.success) return result.output;
    // A misspelt key makes two issues; the one that names the key as it is written is the useful one.
    const issue = result.issues.find(isUnknownKey) ?? result.issues[0];
    const path = (issue.path ?? []).map(({ key }) => key as PathPart);
    throw this.fault("factory/shape", path, problemOf(issue));
  }

  #toValue(): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: maxAliases });
    } catch (cause) {
      throw this.#syntaxFault(0, messageOf(cause));
    }
  }

  #syntaxFault(offset: number, message: string): Error {
    const { line, col } = this.#lines.linePos(offset);
    const [first = ""] = message.split("\n");
    return factoryFault(
      "factory/syntax",
      `custody.yaml:${line}:${col}: ${first.replace(/ at line \d+.*$/, "")}`,
      {
        subject: "custody.yaml",
        next: "mend custody.yaml: it has to be YAML 1.2",
        details: { line, column: col },
      },
    );
  }

  // The key where there is one, else the value, else what is nearest above.
  #offsetOf(path: readonly PathPart[]): number {
    for (let length = path.length; length > 0; length--) {
      const parent =
        length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, length - 1), true);
      const key = path[length - 1];
      const pair = isMap(parent)
        ? parent.items.find((item) => isNode(item.key) && item.key.toJSON() === key)
        : undefined;
      const node = isNode(pair?.key) ? pair.key : this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  }
}

function parseYaml(text: string, lineCounter: LineCounter): Document {
  if (text.length > maxTextLength) {
    throw factoryFault("factory/syntax", `custody.yaml is longer than ${maxTextLength} characters`, {
      subject: "custody.yaml",
    });
  }
  const odd = text.search(unprintable);
  if (odd >= 0) {
    throw factoryFault("factory/syntax", `custody.yaml has a control character at ${odd} (YAML 1.2 §5.1)`, {
      subject: "custody.yaml",
    });
  }
  try {
    // Nesting without end exhausts the parser's stack, which it survives: that is a RangeError here.
    return parseDocument(text, {
      version: "1.2",
      schema: "core",
      uniqueKeys: true,
      strict: true,
      lineCounter,
    });
  } catch (cause) {
    throw factoryFault("factory/syntax", `custody.yaml: ${messageOf(cause)}`, {
      subject: "custody.yaml",
      cause,
    });
  }
}

// Before the parser sees it: what nests without end takes it seconds, and its indicators cannot be told from text.
function refuseDeepText(text: string): void {
  let open = 0;
  const deep = text.split("\n").findIndex((line) => {
    open = Math.max(0, open + (line.match(/[[{]/g)?.length ?? 0) - (line.match(/[\]}]/g)?.length ?? 0));
    return Math.max(open, indicatorsOf(line)) > maxDepth;
  });
  if (deep < 0) return;
  throw factoryFault("factory/syntax", `custody.yaml:${deep + 1}:1: nests deeper than ${maxDepth}`, {
    subject: "custody.yaml",
    next: "mend custody.yaml: put commands into a script of the repository",
    details: { line: deep + 1, column: 1 },
  });
}

/** How many collections a line opens by block indicators before its first word: `- ? - x`. */
function indicatorsOf(line: string): number {
  return /^[ \t]*(?:[-?:][ \t]+)*/.exec(line)?.[0].match(/[-?:]/g)?.length ?? 0;
}

function isUnknownKey(issue: v.BaseIssue<unknown>): boolean {
  return issue.type === "strict_object" && issue.expected === "never";
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  if (isUnknownKey(issue)) return "is not a key that is known here";
  if (issue.received === "undefined") return "is missing";
  const isOurs = !issue.message.startsWith("Invalid");
  return isOurs
    ? `${issue.received} is not ${issue.message}`
    : `expected ${issue.expected ?? "something else"}, found ${issue.received}`;
}

function formatPath(path: readonly PathPart[]): string {
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at > 0 ? "." : ""}${part}`))
    .join("");
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
