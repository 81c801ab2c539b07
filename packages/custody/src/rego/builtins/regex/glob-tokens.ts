import { BuiltinError } from "../builtin.ts";

/** One step of a simple pattern: a character, any character (`.`), or one of a set, perhaps repeated. */
export interface GlobToken {
  /** Undefined is any character; else ranges of code points, both ends included. */
  readonly ranges: readonly (readonly [number, number])[] | undefined;
  /** Written as a set, even if of one character. */
  readonly isSet: boolean;
  readonly flag: "" | "+" | "*";
}

/** Reads what `regex.globs_match` compares: characters, `.`, `[a-z]`, each with `+` or `*` behind it, and `\`. */
export function readGlobTokens(text: string): GlobToken[] {
  const characters = Array.from(text);
  const reader = { characters, at: 0 };
  const tokens: GlobToken[] = [];
  while (reader.at < characters.length) tokens.push(withFlag(reader, readToken(reader)));
  return merged(tokens);
}

interface Reader {
  readonly characters: readonly string[];
  at: number;
}

type Unflagged = Omit<GlobToken, "flag">;

function readToken(reader: Reader): Unflagged {
  const { character, escaped } = readCharacter(reader);
  if (!escaped) {
    if (character === ".") return { ranges: undefined, isSet: false };
    if (character === "[") return { ranges: readSet(reader), isSet: true };
    if (character === "]") throw invalid(reader, "set-close ']' with no preceding '['");
    if (character === "+" || character === "*") {
      throw invalid(reader, `flag '${character}' must be preceded by a non-flag`);
    }
  }
  const code = character.codePointAt(0) ?? 0;
  return { ranges: [[code, code]], isSet: false };
}

function readCharacter(reader: Reader): { character: string; escaped: boolean } {
  const character = reader.characters[reader.at++] ?? "";
  if (character !== "\\") return { character, escaped: false };
  const escaped = reader.characters[reader.at++];
  if (escaped !== undefined) return { character: escaped, escaped: true };
  reader.at = reader.characters.length - 1;
  throw invalid(reader, "input ends with a \\ (escape) character");
}

function withFlag(reader: Reader, token: Unflagged): GlobToken {
  const next = reader.characters[reader.at];
  if (next !== "+" && next !== "*") {
    if (next === "\\" && reader.at === reader.characters.length - 1) readCharacter(reader);
    return { ...token, flag: "" };
  }
  reader.at++;
  return { ...token, flag: next };
}

function readSet(reader: Reader): (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  let previous: number | undefined;
  while (reader.at < reader.characters.length) {
    const { character, escaped } = readCharacter(reader);
    const code = character.codePointAt(0) ?? 0;
    if (!escaped && character === "]") return ranges;
    if (!escaped && character === "-") {
      ranges.push(readRange(reader, previous));
      previous = undefined;
    } else {
      ranges.push([code, code]);
      previous = code;
    }
  }
  throw invalid(reader, "found [ without matching ]");
}

function readRange(reader: Reader, low: number | undefined): [number, number] {
  if (low === undefined) {
    throw invalid(reader, "range character '-' must be preceded by a Unicode character");
  }
  if (reader.at >= reader.characters.length - 1) {
    throw invalid(reader, "range character '-' must be followed by a Unicode character");
  }
  const { character, escaped } = readCharacter(reader);
  if (!escaped && (character === "]" || character === "-")) {
    throw invalid(reader, "range character '-' cannot be followed by a special symbol");
  }
  const high = character.codePointAt(0) ?? 0;
  if (high >= low) return [low, high];
  const order = `'${character}' comes before '${String.fromCodePoint(low)}' in Unicode`;
  throw invalid(reader, `range is out of order: ${order}`);
}

function invalid({ characters, at }: Reader, message: string): BuiltinError {
  return new BuiltinError(
    `input:${characters.join("")}, pos:${at}, ${message}: the input provided is invalid`,
  );
}

/** Equal repeated tokens side by side are one; a plus among them stays. */
function merged(tokens: readonly GlobToken[]): GlobToken[] {
  const kept: GlobToken[] = [];
  for (const token of tokens) {
    const last = kept.at(-1);
    if (last && last.flag !== "" && token.flag !== "" && isSame(last, token)) {
      kept[kept.length - 1] = { ...last, flag: last.flag === "+" || token.flag === "+" ? "+" : "*" };
    } else {
      kept.push(token);
    }
  }
  return kept;
}

function isSame(a: GlobToken, b: GlobToken): boolean {
  return a.isSet === b.isSet && JSON.stringify(a.ranges) === JSON.stringify(b.ranges);
}

/** True when some character fits both. */
export function fitsBoth(a: GlobToken, b: GlobToken): boolean {
  const { ranges } = b;
  if (!a.ranges || !ranges) return true;
  return a.ranges.some(([low, high]) => ranges.some(([from, to]) => low <= to && from <= high));
}
