import type { StringStream } from "@codemirror/language";

/** What goes on from one line to the next: a raw string. */
export interface RegoState {
  isInRawString: boolean;
}

const keywords = new Set("as contains default else every if import in not package some with".split(" "));
const atoms = new Set(["true", "false", "null"]);
const roots = new Set(["data", "input"]);

/**
 * Reads one token and says what it is, in the names of CodeMirror's highlighting; null for what has no look of its own.
 * This is for the eye only: what the text means is the engine's to say.
 */
export function readToken(stream: StringStream, state: RegoState): string | null {
  if (state.isInRawString) return readRawString(stream, state);
  if (stream.eatSpace()) return null;
  if (stream.match(/^#.*/)) return "comment";
  if (stream.match(/^\$?`/)) return readRawString(stream, state);
  if (stream.match(/^\$?"(?:[^"\\]|\\.)*"?/)) return "string";
  if (stream.match(/^-?\d[\d.]*(?:[eE][+-]?\d+)?/)) return "number";
  if (stream.match(/^[A-Za-z_]\w*/)) return nameToken(stream);
  if (stream.match(/^(?::=|==|!=|<=|>=|[=<>+\-*/%&|])/)) return "operator";
  if (stream.match(/^[[\]{}()]/)) return "bracket";
  stream.next();
  return null;
}

function readRawString(stream: StringStream, state: RegoState): string {
  state.isInRawString = !stream.match(/^[^`]*`/);
  if (state.isInRawString) stream.skipToEnd();
  return "string";
}

function nameToken(stream: StringStream): string {
  const word = stream.current();
  const isMember = stream.string.charAt(stream.start - 1) === ".";
  if (!isMember) {
    if (keywords.has(word)) return "keyword";
    if (atoms.has(word)) return "atom";
    if (roots.has(word)) return "variableName.special";
  }
  if (stream.match(/^(?:\.\w+)*\(/, false)) return "variableName.function";
  if (stream.start === 0) return "variableName.definition";
  return isMember ? "propertyName" : "variableName";
}
