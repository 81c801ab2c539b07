import { goJson } from "../builtins/encoding/go-json.ts";
import { compareStrings, isObject, objectEntries } from "../values/index.ts";
import type { RegoArray, RegoValue } from "../values/index.ts";

/** How one case of a test ended; a case may have cases of its own. */
export interface SubResult {
  readonly name: string;
  readonly failed: boolean;
  readonly subResults: readonly SubResult[];
}

/** One case while results come in. */
class Node {
  failed = false;
  readonly inner = new Map<string, Node>();
}

/**
 * The cases of a test by name: those of the object that it made, of which what is not true has failed, and those that
 * it came to and that are not in the object, which have failed too.
 */
export function subResultsOf(
  value: RegoValue | undefined,
  announced: readonly RegoArray[],
): readonly SubResult[] {
  const root = new Node();
  if (value !== undefined) addValue(root, value);
  for (const keys of announced) addFailed(root, keys.map(caseName));
  return resultsOf(root);
}

function addValue(node: Node, value: RegoValue): void {
  if (!isObject(value)) {
    node.failed = value !== true;
    return;
  }
  for (const [key, member] of objectEntries(value)) {
    const inner = new Node();
    node.inner.set(caseName(key), inner);
    addValue(inner, member);
    node.failed ||= inner.failed;
  }
}

/** What is not known has failed, and so have those around it. */
function addFailed(node: Node, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return node.failed;
  let inner = node.inner.get(name);
  if (!inner) {
    inner = new Node();
    inner.failed = true;
    node.inner.set(name, inner);
  }
  const failed = addFailed(inner, rest);
  node.failed ||= failed;
  return failed;
}

function caseName(key: RegoValue): string {
  return typeof key === "string" ? key : goJson(key);
}

function resultsOf({ inner }: Node): readonly SubResult[] {
  return [...inner]
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([name, node]) => ({ name, failed: node.failed, subResults: resultsOf(node) }));
}

/** How many cases without cases of their own passed and failed. */
export function countLeaves(results: readonly SubResult[]): { passed: number; failed: number } {
  const counts = { passed: 0, failed: 0 };
  for (const { failed, subResults } of results) {
    if (subResults.length === 0) counts[failed ? "failed" : "passed"]++;
    const inner = countLeaves(subResults);
    counts.passed += inner.passed;
    counts.failed += inner.failed;
  }
  return counts;
}
