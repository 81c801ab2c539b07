import { EvaluationError } from "../runtime/index.ts";
import { diagnosticText, RegoDiagnostics } from "../syntax/index.ts";
import type { Diagnostic, Location } from "../syntax/index.ts";
import { items, members } from "./document.ts";
import type { Document } from "./document.ts";

/** Something that went wrong, as OPA's commands show it. */
export interface Problem {
  readonly message: string;
  readonly code?: string;
  readonly at?: Location;
  /** The line of the text and where in it. */
  readonly details?: { readonly line: string; readonly index: number };
  /** The whole of it for people, place and code included. */
  readonly text: string;
}

/** The problems that an error stands for: one, or all that were found in modules; a `query` is shown as its own place. */
export function problemsOf(error: unknown, query?: string): readonly Problem[] {
  if (error instanceof RegoDiagnostics) return error.diagnostics.map(diagnosticProblem);
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof EvaluationError)) return [{ message, text: message }];
  const { evaluationCode: code, at, reason } = error;
  const isInQuery = at?.file === "" && query !== undefined;
  const text = isInQuery ? `${query.slice(at.offset, at.end)}: ${code}: ${reason}` : message;
  return [{ message: reason, code, text, ...(at && { at }) }];
}

function diagnosticProblem(diagnostic: Diagnostic): Problem {
  const { code, message, at, lines } = diagnostic;
  const [line, caret] = lines ?? [];
  const isCaret = line !== undefined && caret !== undefined && /^ *\^$/.test(caret);
  const details = isCaret ? { line, index: caret.length - 1 } : undefined;
  const text = diagnosticText(diagnostic);
  return { message, code, text, ...(at && { at }), ...(details && { details }) };
}

export function problemsDocument(problems: readonly Problem[]): Document {
  return items(
    problems.map(({ message, code, at, details }) =>
      members({
        message,
        code,
        location: at && locationDocument(at),
        details: details && members({ line: details.line, idx: details.index }),
      }),
    ),
  );
}

export function locationDocument({ file, row, col }: Location): Document {
  return members({ file, row, col });
}

/** `1 error occurred: …`; `during` says when: ` during loading`. */
export function problemsText(problems: readonly Problem[], during = ""): string {
  const texts = problems.map(({ text }) => text);
  if (texts.length === 1) return `1 error occurred${during}: ${texts.join("")}\n`;
  return `${texts.length} errors occurred${during}:\n${texts.join("\n")}\n`;
}
