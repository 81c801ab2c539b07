import { fulcioFault } from "./faults.ts";

/** The claims of a token as text, and what stands for those that are absent. */
export type ClaimTexts = ReadonlyMap<string, string>;

/** One part of a template: a text, a claim, or one of two templates by a claim's value. */
type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "claim"; readonly claim: string }
  | Choice;

interface Choice {
  readonly kind: "choice";
  readonly claim: string;
  readonly value: string;
  readonly same: readonly Part[];
  readonly otherwise: readonly Part[];
}

/**
 * What an extension or a name is made of, in the part of Go's templates that Fulcio's configurations use: the name of a
 * claim alone, or a text with `{{ .claim }}` and `{{ if eq .claim "value" }}…{{ else }}…{{ end }}`.
 */
export class ClaimTemplate {
  readonly #parts: readonly Part[];

  private constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** @throws CustodyError `fulcio/configuration` for any other action. */
  static parse(source: string): ClaimTemplate {
    if (source.length > maxCharacters) throw templateFault(source, "it is too long");
    if (!source.includes("{{")) return new ClaimTemplate([{ kind: "claim", claim: source.trim() }]);
    return new ClaimTemplate(new TemplateReader(source).read());
  }

  /** @throws CustodyError `fulcio/identity` for a claim that neither the token nor the defaults have. */
  render(claims: ClaimTexts): string {
    return renderParts(this.#parts, claims);
  }
}

const maxCharacters = 1024;
const maxDepth = 4;
const tokenPattern = /\{\{-?\s*(.*?)\s*-?\}\}/g;
const claimPattern = /^\.([A-Za-z0-9_]{1,64})$/;
const choicePattern = /^if eq \.([A-Za-z0-9_]{1,64}) "([^"\\]{0,128})"$/;

function renderParts(parts: readonly Part[], claims: ClaimTexts): string {
  return parts.map((part) => renderPart(part, claims)).join("");
}

function renderPart(part: Part, claims: ClaimTexts): string {
  if (part.kind === "text") return part.text;
  const value = claims.get(part.claim);
  if (value === undefined) throw fulcioFault("fulcio/identity", `the token has no claim "${part.claim}"`);
  if (part.kind === "claim") return value;
  return renderParts(value === part.value ? part.same : part.otherwise, claims);
}

class TemplateReader {
  readonly #source: string;
  readonly #tokens: RegExpExecArray[];
  #at = 0;
  #next = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = [...source.matchAll(tokenPattern)];
  }

  read(): readonly Part[] {
    const { parts, closedBy } = this.#until(0);
    if (closedBy !== undefined) throw templateFault(this.#source, `{{ ${closedBy} }} closes nothing`);
    return parts;
  }

  // Up to the action that closes the part, or to the end.
  #until(depth: number): { parts: Part[]; closedBy: string | undefined } {
    const parts: Part[] = [];
    if (depth > maxDepth) throw templateFault(this.#source, "it is nested too deep");
    for (;;) {
      const token = this.#tokens[this.#next++];
      this.#addText(parts, token?.index ?? this.#source.length);
      if (!token) return { parts, closedBy: undefined };
      this.#at = token.index + token[0].length;
      const action = token[1] ?? "";
      if (action === "else" || action === "end") return { parts, closedBy: action };
      parts.push(this.#part(action, depth));
    }
  }

  #addText(parts: Part[], end: number): void {
    const text = this.#source.slice(this.#at, end);
    if (text.includes("{{") || text.includes("}}"))
      throw templateFault(this.#source, "an action is not closed");
    if (text !== "") parts.push({ kind: "text", text });
  }

  #part(action: string, depth: number): Part {
    const [, claim] = claimPattern.exec(action) ?? [];
    if (claim !== undefined) return { kind: "claim", claim };
    const [, subject, value] = choicePattern.exec(action) ?? [];
    if (subject === undefined || value === undefined) {
      throw templateFault(this.#source, `{{ ${action} }} is not an action known here`);
    }
    return this.#choice({ claim: subject, value }, depth);
  }

  #choice(condition: Pick<Choice, "claim" | "value">, depth: number): Choice {
    const same = this.#until(depth + 1);
    const otherwise = same.closedBy === "else" ? this.#until(depth + 1) : undefined;
    if ((otherwise ?? same).closedBy !== "end") throw templateFault(this.#source, "{{ end }} is missing");
    return { kind: "choice", ...condition, same: same.parts, otherwise: otherwise?.parts ?? [] };
  }
}

function templateFault(source: string, message: string): Error {
  return fulcioFault(
    "fulcio/configuration",
    `the template ${JSON.stringify(source.slice(0, 120))}: ${message}`,
    {
      next: 'write the name of a claim, or a text with {{ .claim }} and {{ if eq .claim "value" }}',
    },
  );
}
