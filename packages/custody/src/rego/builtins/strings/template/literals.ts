import type { Base } from "./nodes.ts";
import type { Token } from "./tokens.ts";

/** The constant that a token stands for, or undefined where Go takes it for none. */
export function findLiteral(token: Token): Base | undefined {
  switch (token.kind) {
    case "string":
      return textLiteral(findUnquoted(token.text.slice(1, -1)));
    case "raw":
      return textLiteral(token.text.slice(1, -1).replaceAll("\r", ""));
    case "character":
      return characterLiteral(findUnquoted(token.text.slice(1, -1)));
    case "number":
      return findNumber(token.text.replaceAll("_", ""));
    default:
      return undefined;
  }
}

function textLiteral(text: string | undefined): Base | undefined {
  return text === undefined ? undefined : { kind: "string", text };
}

function characterLiteral(text: string | undefined): Base | undefined {
  const code = text?.codePointAt(0);
  if (code === undefined || Array.from(text ?? "").length !== 1) return undefined;
  return { kind: "integer", integer: BigInt(code) };
}

function findNumber(text: string): Base | undefined {
  const [, sign = "", digits = ""] = /^([+-]?)(.*)$/.exec(text) ?? [];
  if (/^(?:0x[\da-f]+|0b[01]+|0o?[0-7]+|0|[1-9]\d*)$/i.test(digits)) {
    const whole = BigInt(digits.replace(/^0(?=[0-7])/, "0o"));
    return { kind: "integer", integer: sign === "-" ? -whole : whole };
  }
  const isFloat = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(digits) && Number.isFinite(Number(text));
  return isFloat ? { kind: "float", double: Number(text) } : undefined;
}

const escapes: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** The text of a Go literal without its quotes. */
function findUnquoted(quoted: string): string | undefined {
  let valid = true;
  const escape = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.?))/gsu;
  const text = quoted.replace(escape, (_all, ...groups: readonly (string | undefined)[]) => {
    const [hex, short, long, octal, simple = ""] = groups;
    const digits = hex ?? short ?? long;
    const code = digits === undefined ? Number.parseInt(octal ?? "", 8) : Number.parseInt(digits, 16);
    if (code <= 0x10ffff) return String.fromCodePoint(code);
    valid &&= Number.isNaN(code) && escapes[simple] !== undefined;
    return escapes[simple] ?? "";
  });
  return valid ? text : undefined;
}
