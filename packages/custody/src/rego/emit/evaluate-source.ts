import { linkNames } from "./link.ts";
import type { LinkableCode } from "./link.ts";

/** Emitted source as code. Needs a realm in which functions may be made from text. */
export function evaluateSource(source: string): LinkableCode {
  const text = `"use strict"; return function link({ ${linkNames.join(", ")} }) {\n${source}\n};`;
  // The source holds nothing of a policy but JSON strings.
  // oxlint-disable-next-line typescript/no-implied-eval
  const make = new Function(text) as () => LinkableCode;
  return make();
}
