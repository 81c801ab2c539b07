import { matchesPattern } from "custody/evidence";
import type { ArtifactRule } from "custody/evidence";

/** Digests by path and algorithm. */
export type Artifacts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What a step or an inspection took in and gave out. */
export interface LinkArtifacts {
  readonly materials: Artifacts;
  readonly products: Artifacts;
}

/**
 * Applies rules in order: each takes the artifacts it explains off the queue; what a DISALLOW meets and a REQUIRE misses
 * fails (§4.3.3.1). What is left over is allowed, as in the specification: a careful list ends in `DISALLOW *`.
 *
 * @returns why the first rule that does not hold does not.
 */
export function findRuleFailure(
  rules: readonly ArtifactRule[],
  list: "materials" | "products",
  own: LinkArtifacts,
  links: ReadonlyMap<string, LinkArtifacts>,
): string | undefined {
  let queue = Object.keys(own[list]);
  for (const rule of rules) {
    if (rule.kind === "require") {
      if (!queue.includes(rule.pattern)) return `REQUIRE ${rule.pattern}: it is not among the ${list}`;
      continue;
    }
    const taken = new Set(queue.filter((path) => isExplained(rule, path, { list, own, links })));
    if (rule.kind === "disallow" && taken.size > 0)
      return `DISALLOW ${rule.pattern}: among the ${list} is ${[...taken][0]}`;
    queue = queue.filter((path) => !taken.has(path));
  }
  return undefined;
}

interface Known {
  readonly list: "materials" | "products";
  readonly own: LinkArtifacts;
  readonly links: ReadonlyMap<string, LinkArtifacts>;
}

function isExplained(
  rule: Exclude<ArtifactRule, { kind: "require" }>,
  path: string,
  { list, own, links }: Known,
): boolean {
  if (rule.kind === "match") return isMatched(rule, path, own[list], links);
  if (!matchesPattern(rule.pattern, path)) return false;
  const [before, after] = [digestsOf(own.materials, path), digestsOf(own.products, path)];
  switch (rule.kind) {
    case "create":
      return !before && after !== undefined;
    case "delete":
      return before !== undefined && !after;
    case "modify":
      return before !== undefined && after !== undefined && !isEqual(before, after);
    default:
      return true;
  }
}

function isMatched(
  rule: Extract<ArtifactRule, { kind: "match" }>,
  path: string,
  artifacts: Artifacts,
  links: ReadonlyMap<string, LinkArtifacts>,
): boolean {
  const prefix = folderOf(rule.sourcePrefix);
  if (!path.startsWith(prefix) || !matchesPattern(rule.pattern, path.slice(prefix.length))) return false;
  const destination = links.get(rule.step)?.[rule.from] ?? {};
  const [here, there] = [
    digestsOf(artifacts, path),
    digestsOf(destination, folderOf(rule.destinationPrefix) + path.slice(prefix.length)),
  ];
  return here !== undefined && there !== undefined && isEqual(here, there);
}

function folderOf(prefix: string): string {
  return prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
}

function digestsOf(artifacts: Artifacts, path: string): Artifacts[string] | undefined {
  return Object.hasOwn(artifacts, path) ? artifacts[path] : undefined;
}

/** The same algorithms with the same digests: an artifact without a digest is nobody's. */
function isEqual(a: Artifacts[string], b: Artifacts[string]): boolean {
  const names = Object.keys(a);
  return (
    names.length > 0 && names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
  );
}

/** Whether two links say the same about the same artifacts. */
export function isSameLink(a: LinkArtifacts, b: LinkArtifacts): boolean {
  return isSameList(a.materials, b.materials) && isSameList(a.products, b.products);
}

function isSameList(a: Artifacts, b: Artifacts): boolean {
  const paths = Object.keys(a);
  return (
    paths.length === Object.keys(b).length &&
    paths.every((path) => {
      const other = digestsOf(b, path);
      return other !== undefined && isEqual(a[path] ?? {}, other);
    })
  );
}
