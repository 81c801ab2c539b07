import { utf8 } from "custody/ground";

import { tarFault } from "./faults.ts";

const maxPathBytes = 4096;
const maxNameBytes = 255;
const odd = /[\p{Control}\p{Surrogate}\ufffd]/u;

/**
 * A path inside a tree: relative, `/`-separated, at most 4096 bytes, each name 1 to 255 bytes and neither `.` nor `..`.
 *
 * Control characters and U+FFFD (what a lossy decoder leaves behind) are refused, so that a path prints as it is.
 *
 * @throws CustodyError `tar/path`.
 */
export function parseTreePath(text: string): string {
  const problem = findPathProblem(text);
  if (problem !== undefined) {
    throw tarFault("tar/path", `the path ${JSON.stringify(text.slice(0, 120))} ${problem}`, {
      subject: text,
    });
  }
  return text;
}

function findPathProblem(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.startsWith("/")) return "is absolute";
  if (path.length > maxPathBytes || utf8(path).length > maxPathBytes)
    return `is longer than ${maxPathBytes} bytes`;
  if (!isPlainText(path)) return "has control characters or is not valid UTF-8";
  return path
    .split("/")
    .map(findNameProblem)
    .find((problem) => problem !== undefined);
}

function findNameProblem(name: string): string | undefined {
  if (name === "") return "has an empty name in it";
  if (name === "." || name === "..") return `has "${name}" in it`;
  return utf8(name).length > maxNameBytes ? `has a name longer than ${maxNameBytes} bytes in it` : undefined;
}

/** True when a name or a link's target prints as it is: no control characters, no traces of broken UTF-8. */
export function isPlainText(text: string): boolean {
  return !odd.test(text);
}

/** Order by UTF-8 bytes: the order in which {@link writeTar} writes, the same on every machine and in every locale. */
export function comparePaths(a: string, b: string): number {
  const [left, right] = [utf8(a), utf8(b)];
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** The directories above a path, outermost first: `a/b/c` → `a`, `a/b`. */
export function parentsOf(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, count) => names.slice(0, count + 1).join("/"));
}
