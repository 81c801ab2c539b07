import { RE2JS, RE2JSException } from "re2js";

import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";

/** A pattern of Go's `regexp`, compiled once an evaluation. It matches in time linear in the text. */
export function compiled(context: BuiltinContext, pattern: string): RE2JS {
  const key = `regex ${pattern}`;
  const known = context.memo.get(key);
  if (known instanceof RE2JS) return known;
  context.spend(1 + pattern.length);
  const fresh = compile(pattern);
  context.memo.set(key, fresh);
  return fresh;
}

/** @throws BuiltinError in the words of Go's `regexp`. */
export function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    if (cause instanceof RE2JSException) throw new BuiltinError(inGoWords(cause.message));
    throw cause;
  }
}

/** Go shows the offending part even where it is empty. */
function inGoWords(message: string): string {
  return message.includes("`") ? message : `${message}: \`\``;
}
