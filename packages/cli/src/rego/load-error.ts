import { CustodyError } from "custody/ground";
import { RegoDiagnostics } from "custody/rego";
import { problemsOf, problemsText } from "custody/rego/results";
import type { Problem } from "custody/rego/results";

/** Files that could not be loaded: each with its reason. */
export class LoadError extends CustodyError<"cli/read"> {
  readonly problems: readonly Problem[];

  constructor(errors: readonly unknown[]) {
    const problems = errors.flatMap((error) => problemsOf(inWordsOfFiles(error)));
    super("cli/read", problemsText(problems, " during loading").trimEnd());
    this.problems = problems;
  }
}

/** The problems of an error that a command met, and how to say them to people. */
export function explained(error: unknown, query?: string): { problems: readonly Problem[]; text: string } {
  if (error instanceof LoadError) return { problems: error.problems, text: `${error.message}\n` };
  const problems = problemsOf(error, query);
  const isParsing =
    error instanceof RegoDiagnostics &&
    error.diagnostics.some(({ at }) => at !== undefined && at.file !== "");
  const isLoading = isParsing && error.diagnostics[0]?.code === "rego_parse_error";
  return { problems, text: problemsText(problems, isLoading ? " during loading" : "") };
}

/** What the operating system says of a file, in the words of Go. */
export function inWordsOfFiles(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || !("path" in error)) return error;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "no such file or directory",
    EACCES: "permission denied",
    EISDIR: "is a directory",
  };
  const reason = reasons[String(error.code)];
  const call = "syscall" in error ? String(error.syscall) : "open";
  return reason === undefined ? error : new Error(`${call} ${String(error.path)}: ${reason}`);
}
