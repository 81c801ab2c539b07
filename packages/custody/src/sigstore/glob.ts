const prefix = "glob:";

/**
 * Whether a name is the one that a policy wants: the same, character for character; or, only where the policy says
 * `glob:`, a whole match of the pattern, in which `*` stands for any characters but `/` and `**` for any at all.
 *
 * @example matchesName("glob:https://github.com/acme/*", "https://github.com/acme/app") // true
 */
export function matchesName(wanted: string, name: string): boolean {
  return wanted.startsWith(prefix) ? matchesGlob(wanted.slice(prefix.length), name) : wanted === name;
}

/** Whether a policy's text can match anything that is a name. */
export function isNamePattern(wanted: string): boolean {
  return wanted !== "" && wanted !== prefix;
}

// For every place in the pattern, the set of places in the name that it can have reached: no backtracking.
function matchesGlob(pattern: string, name: string): boolean {
  let reached = new Set([0]);
  for (const part of pattern.split(/(\*+)/)) {
    if (part === "") continue;
    reached = part.startsWith("*") ? spread(reached, name, part !== "*") : advance(reached, name, part);
    if (reached.size === 0) return false;
  }
  return reached.has(name.length);
}

function advance(reached: ReadonlySet<number>, name: string, literal: string): Set<number> {
  return new Set([...reached].filter((at) => name.startsWith(literal, at)).map((at) => at + literal.length));
}

function spread(reached: ReadonlySet<number>, name: string, crossesSlashes: boolean): Set<number> {
  const places = new Set<number>();
  for (let at = 0, isOpen = false; at <= name.length; at++) {
    isOpen = reached.has(at) || (isOpen && (crossesSlashes || name[at - 1] !== "/"));
    if (isOpen) places.add(at);
  }
  return places;
}
