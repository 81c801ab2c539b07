import { numberOf } from "../values/index.ts";
import type { ScalarTerm } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import type { Token } from "./token.ts";

/** Numbers of a larger magnitude (2^±100000, as a decimal exponent) are refused, as OPA refuses them. */
const exponentLimit = 30_102;

/** A number with its sign: `-1`, `.5`. */
export function parseNumberToken(cursor: Cursor): ScalarTerm {
  const start = cursor.token;
  const sign = cursor.takeIfSymbol("-") ? "-" : "";
  const point = cursor.takeIfSymbol(".") ? "." : "";
  if (cursor.token.kind !== "number") cursor.fail(sign || point ? "expected number" : "");
  const { text } = cursor.token;
  if (point === "" && /^0\d/.test(text)) cursor.fail("expected number without leading zero");
  if (isTooBig(point + text)) cursor.failAt(start, "number too big");
  cursor.take();
  return { kind: "scalar", value: numberOf(`${sign}${point && "0."}${text}`), at: cursor.from(start) };
}

function isTooBig(text: string): boolean {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const whole = mantissa.split(".")[0] ?? "";
  return Math.abs(Number(exponent) + whole.length) > exponentLimit && /[1-9]/.test(mantissa);
}

export function parseStringToken(cursor: Cursor): ScalarTerm {
  const token = cursor.take();
  const at = cursor.from(token);
  if (token.kind === "raw-string") return { kind: "scalar", value: token.text.slice(1, -1), at };
  return { kind: "scalar", value: unescape(cursor, token, token.text), at };
}

/** The text of a part of a template, `\{` read as `{`. */
export function parseTemplateToken(cursor: Cursor, token: Token): string {
  if (!token.kind.startsWith("template") && !token.kind.startsWith("raw-template")) cursor.fail();
  const text = token.text.replaceAll("\\{", "{");
  return token.kind.startsWith("raw") ? text : unescape(cursor, token, `"${text}"`);
}

function unescape(cursor: Cursor, token: Token, literal: string): string {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  try {
    return (JSON.parse(literal.replaceAll("\t", "\\t")) as string).toWellFormed();
  } catch {
    return cursor.failAt(token, `illegal string literal: ${literal}`);
  }
}
