import { BuiltinError } from "../../builtin.ts";

/** A stretch of a template: text, or what stands between `{{` and `}}` from an offset on. */
export type Stretch =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly start: number; readonly end: number };

/** Parts text and actions. Comments are left out, and white space that a `-` at an action's edge trims. */
export function readStretches(source: string): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  let trimNext = false;
  for (let open = source.indexOf("{{"); open >= 0; open = source.indexOf("{{", at)) {
    const trims = /^-\s/.test(source.slice(open + 2, open + 4));
    stretches.push(textStretch(source.slice(at, open), trimNext, trims));
    const start = open + (trims ? 4 : 2);
    const end = actionEnd(source, start);
    if (!source.startsWith("/*", start)) stretches.push({ kind: "action", start, end: end.content });
    trimNext = end.trims;
    at = end.after;
  }
  stretches.push(textStretch(source.slice(at), trimNext, false));
  return stretches;
}

function textStretch(text: string, trimsStart: boolean, trimsEnd: boolean): Stretch {
  const started = trimsStart ? text.replace(/^[ \t\r\n]+/, "") : text;
  return { kind: "text", text: trimsEnd ? trimmedEnd(started) : started };
}

function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && " \t\r\n".includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

interface End {
  /** Where the content ends, where the template goes on, and whether white space there is trimmed. */
  readonly content: number;
  readonly after: number;
  readonly trims: boolean;
}

function actionEnd(source: string, start: number): End {
  if (source.startsWith("/*", start)) return commentEnd(source, start);
  for (let at = start; at < source.length; at++) {
    const skipped = quotedEnd(source, at);
    if (skipped !== undefined) at = skipped;
    else if (source.startsWith("}}", at)) return { content: at, after: at + 2, trims: false };
    else if (/^\s-\}\}/.test(source.slice(at, at + 4))) return { content: at, after: at + 4, trims: true };
  }
  throw templateError(source, start, "unclosed action");
}

function commentEnd(source: string, start: number): End {
  const close = source.indexOf("*/", start + 2);
  if (close < 0) throw templateError(source, start, "unclosed comment");
  const [, trim = "", braces] = /^(\s-)?(\}\})/.exec(source.slice(close + 2, close + 6)) ?? [];
  if (!braces) throw templateError(source, start, "comment ends before closing delimiter");
  return { content: close + 2, after: close + 4 + trim.length, trims: trim !== "" };
}

const unterminated: Readonly<Record<string, string>> = {
  '"': "unterminated quoted string",
  "'": "unterminated character constant",
  "`": "unterminated raw quoted string",
};

/** Where a string or character that begins here ends, or undefined. */
function quotedEnd(source: string, start: number): number | undefined {
  const quote = source.charAt(start);
  const complaint = unterminated[quote];
  if (!complaint) return undefined;
  for (let at = start + 1; at < source.length; at++) {
    const character = source.charAt(at);
    if (character === quote) return at;
    if (quote === "`") continue;
    if (character === "\n") break;
    if (character === "\\") at++;
  }
  throw templateError(source, start, complaint);
}

/** A template that does not parse; the message names the line. */
export function templateError(source: string, offset: number, message: string): BuiltinError {
  const line = source.slice(0, offset).split("\n").length;
  return new BuiltinError(`template: template:${line}: ${message}`);
}
