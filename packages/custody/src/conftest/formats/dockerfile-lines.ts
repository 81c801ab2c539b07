import { unreadable } from "../faults.ts";

/** One instruction: all its lines in one, and the comments before it. */
export interface InstructionLine {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly text: string;
  readonly comments: readonly string[];
}

/**
 * The instructions of a Dockerfile, with lines that go on joined; what here-documents hold is left out.
 *
 * @throws ConftestFault `conftest/parse` for a here-document that does not end.
 */
export function* instructionLines(text: string): Generator<InstructionLine> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const { escape, first } = readDirectives(lines);
  const goesOn = new RegExp(`\\${escape}[ \\t]*$`);
  let comments: string[] = [];
  for (let i = first; i < lines.length; i++) {
    const start = i + 1;
    let line = (lines[i] ?? "").trimStart();
    if (line.startsWith("#")) comments.push(line.slice(1).trim());
    if (line === "" || line.startsWith("#")) continue;
    while (goesOn.test(line) && i + 1 < lines.length) {
      const next = lines[++i] ?? "";
      if (/^\s*(?:#|$)/.test(next)) continue;
      line = line.replace(goesOn, "") + next;
    }
    i = skipHereDocuments(line, lines, i);
    yield { line: start, text: line.replace(goesOn, "").trimEnd(), comments };
    comments = [];
  }
}

/** `# escape=` and the like count until anything else comes. */
function readDirectives(lines: readonly string[]): { escape: string; first: number } {
  let escape = "\\";
  let first = 0;
  for (; first < lines.length; first++) {
    const [, name, value = ""] = /^#\s*(syntax|escape|check)\s*=\s*(.+?)\s*$/i.exec(lines[first] ?? "") ?? [];
    if (name === undefined) break;
    if (name.toLowerCase() === "escape") escape = value;
  }
  return { escape: escape === "`" ? "`" : "\\", first };
}

/** The number of the line with which the here-documents of RUN, COPY and ADD end. */
function skipHereDocuments(line: string, lines: readonly string[], from: number): number {
  if (!/^(?:run|copy|add)\s/i.test(line)) return from;
  let i = from;
  for (const [, tabs, , name = ""] of line.matchAll(/(?<![<\w])\d*<<(-?)(["']?)([A-Za-z_]\w*)\2/g)) {
    const isEnd = (one: string | undefined): boolean =>
      (tabs === "-" ? one?.replace(/^\t+/, "") : one) === name;
    do i++;
    while (i < lines.length && !isEnd(lines[i]));
    if (i >= lines.length) throw unreadable(from + 1, `the here-document ${name} does not end`);
  }
  return i;
}
