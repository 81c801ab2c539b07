/**
 * Whether a target's path matches a delegation's pattern (TUF 1.0 §4.5): segment by segment, so that no wildcard goes over
 * a `/`; `*`, `?`, `[abc]`, `[a-z]` and `[!abc]` as in the reference client, everything else itself.
 */
export function matchesPathPattern(pattern: string, path: string): boolean {
  const [patterns, segments] = [pattern.split("/"), path.split("/")];
  return (
    patterns.length === segments.length &&
    patterns.every((one, i) => matchesSegment(readTokens(one), Array.from(segments[i] ?? "")))
  );
}

/** `*`, or what one character must be. */
type Token = "any-text" | ((character: string) => boolean);

// Only the last star is ever gone back to: the work is bounded by the product of both lengths.
function matchesSegment(tokens: readonly Token[], characters: readonly string[]): boolean {
  let [at, next] = [0, 0];
  let star: { token: number; from: number } | undefined;
  while (at < characters.length) {
    const token = tokens[next];
    if (token === "any-text") {
      star = { token: next++, from: at };
    } else if (token?.(characters[at] ?? "")) {
      at++;
      next++;
    } else if (star) {
      at = ++star.from;
      next = star.token + 1;
    } else return false;
  }
  return tokens.slice(next).every((token) => token === "any-text");
}

function readTokens(pattern: string): Token[] {
  const characters = Array.from(pattern);
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at++) {
    const end = characters[at] === "[" ? endOfSet(characters, at) : -1;
    if (end !== -1) {
      tokens.push(readSet(characters.slice(at + 1, end)));
      at = end;
    } else tokens.push(readOne(characters[at] ?? ""));
  }
  return tokens;
}

function readOne(wanted: string): Token {
  if (wanted === "*") return "any-text";
  return wanted === "?" ? () => true : (character) => character === wanted;
}

// A bracket right after the opening one, or after its `!`, stands for itself; without an end it is no set.
function endOfSet(characters: readonly string[], start: number): number {
  return characters.indexOf("]", start + (characters[start + 1] === "!" ? 3 : 2));
}

function readSet(content: readonly string[]): Token {
  const isNegated = content[0] === "!";
  const members = isNegated ? content.slice(1) : content;
  const ranges: (readonly [from: string, to: string])[] = [];
  for (let i = 0; i < members.length; i++) {
    const [from = "", to = ""] = [members[i], members[i + 2]];
    const isRange = members[i + 1] === "-" && i + 2 < members.length;
    ranges.push([from, isRange ? to : from]);
    if (isRange) i += 2;
  }
  return (character) => ranges.some(([from, to]) => from <= character && character <= to) !== isNegated;
}
