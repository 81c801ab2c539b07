import { RE2JS, RE2JSException } from "re2js";

import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";
import { findNative } from "./native.ts";
import type { NativePattern } from "./native.ts";

/** A pattern of Go's `regexp`, compiled once. It matches in time linear in the text. */
export function compiled(context: BuiltinContext, pattern: string): RE2JS {
  return once(context, `regex ${pattern}`, () => {
    context.spend(1 + pattern.length);
    return compile(pattern);
  });
}

/** The pattern for the engine of JavaScript, where that is known to match the same. */
export function nativePattern(context: BuiltinContext, pattern: string): NativePattern | undefined {
  return once(context, `native ${pattern}`, () => findNative(pattern));
}

/** How many things are kept: patterns that come with the input would fill the memory. */
const keptLimit = 1_000;

function once<Value>(context: BuiltinContext, key: string, make: () => Value): Value {
  const kept = context.kept ?? context.memo;
  if (kept.has(key)) return kept.get(key) as Value;
  const made = make();
  if (kept === context.kept && kept.size >= keptLimit) kept.clear();
  kept.set(key, made);
  return made;
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
