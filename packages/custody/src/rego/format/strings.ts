import { quote } from "../values/index.ts";

/** The text of a template that stands for a string: braces do not open an expression. */
export function templateText(text: string, isRaw: boolean): string {
  const quoted = isRaw ? text : quote(text).slice(1, -1);
  return quoted.replaceAll(/(?<!\\)\{/g, "\\{");
}

/** A name that can follow a dot. */
export function isName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}
