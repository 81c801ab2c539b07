/** A name with `*` at its begin, its end or both, as constraints write namespaces and names. */
export const wildcardPattern = "^\\*?[-:a-z0-9]*\\*?$";

/** Whether a name is the wildcard's, or begins, ends or goes on as it says. */
export function matchesWildcard(wildcard: string, name: string): boolean {
  const isOpenBefore = wildcard.startsWith("*");
  const isOpenBehind = wildcard.endsWith("*");
  const part = wildcard.slice(isOpenBefore ? 1 : 0, isOpenBehind ? -1 : undefined);
  if (isOpenBefore && isOpenBehind) return name.includes(part);
  if (isOpenBefore) return name.endsWith(part);
  return isOpenBehind ? name.startsWith(part) : name === wildcard;
}

/** Whether any name that is made from a prefix (`metadata.generateName`) is the wildcard's. */
export function matchesGeneratedName(wildcard: string, prefix: string): boolean {
  return wildcard.endsWith("*") && matchesWildcard(wildcard, prefix);
}
