import { RegoFault } from "../faults.ts";
import type { Location } from "./location.ts";

/** OPA's codes of what is found before anything is evaluated. */
export type DiagnosticCode =
  | "rego_parse_error"
  | "rego_compile_error"
  | "rego_type_error"
  | "rego_unsafe_var_error"
  | "rego_recursion_error";

/** One thing that is wrong with a module or a query. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly at?: Location;
  /** The line it stands on, and the caret under it, or what else explains it. */
  readonly lines?: readonly string[];
}

/** What is wrong with modules or a query: all that was found, in the order of the text. */
export class RegoDiagnostics extends RegoFault {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics[0]?.code === "rego_parse_error" ? "rego/parse" : "rego/compile", summary(diagnostics));
    this.diagnostics = diagnostics;
  }
}

function summary(diagnostics: readonly Diagnostic[]): string {
  const texts = diagnostics.map(diagnosticText);
  return texts.length === 1 ? String(texts[0]) : `${texts.length} errors occurred:\n${texts.join("\n")}`;
}

/** A diagnostic as OPA prints it: `file:row: code: message`, then the line and the caret. */
export function diagnosticText({ code, message, at, lines = [] }: Diagnostic): string {
  const prefix = at === undefined ? "" : at.file === "" ? `${at.row}:${at.col}: ` : `${at.file}:${at.row}: `;
  return [`${prefix}${code}: ${message}`, ...lines].join("\n\t");
}

/** How much of a line is shown. */
const shownWidth = 240;

/** The line of the text that holds an offset, and a caret under the offset. */
export function caretLines(text: string, offset: number): readonly string[] {
  let at = Math.min(Math.max(offset, 0), text.length - 1);
  while (at > 0 && /\s/.test(text.charAt(at))) at--;
  const begin = Math.max(text.lastIndexOf("\n", at - 1), text.lastIndexOf("\r", at - 1)) + 1;
  const found = text.slice(begin).search(/[\r\n]/);
  const line = found < 0 ? text.slice(begin) : text.slice(begin, begin + found);
  const trimmed = line.replace(/^\t+/, "");
  const indent = Math.max(at - begin - (line.length - trimmed.length), 0);
  const from = Math.max(0, indent - shownWidth / 2);
  return [trimmed.slice(from, from + shownWidth), `${" ".repeat(indent - from)}^`];
}
