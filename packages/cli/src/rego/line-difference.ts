/** How many lines, at most, are searched for what they share; more are shown as changed altogether. */
const searchLimit = 2000;

/** The lines of two texts: those of the first alone after `-`, those of the second alone after `+`. */
export function lineDifference(before: string, after: string): string {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const first = countShared(a, b);
  const last = Math.min(countShared(a.toReversed(), b.toReversed()), Math.min(a.length, b.length) - first);
  const middle = difference(a.slice(first, a.length - last), b.slice(first, b.length - last));
  const lines = [...marked(" ", a.slice(0, first)), ...middle, ...marked(" ", a.slice(a.length - last))];
  return lines.join("\n");
}

function countShared(a: readonly string[], b: readonly string[]): number {
  const found = a.findIndex((line, i) => line !== b[i]);
  return found < 0 ? a.length : found;
}

function marked(mark: string, lines: readonly string[]): readonly string[] {
  return lines.map((line) => `${mark}${line}`);
}

function difference(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a.length > searchLimit || b.length > searchLimit) return [...marked("-", a), ...marked("+", b)];
  const shared = sharedLengths(a, b);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(` ${a[i]}`);
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && lengthAt(shared, i + 1, j) >= lengthAt(shared, i, j + 1))) {
      lines.push(`-${a[i++]}`);
    } else lines.push(`+${b[j++]}`);
  }
  return lines;
}

function lengthAt(table: readonly Uint16Array[], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

/** How many lines the rests of both texts share in order, from each pair of lines on. */
function sharedLengths(a: readonly string[], b: readonly string[]): readonly Uint16Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const longest =
        a[i] === b[j]
          ? lengthAt(table, i + 1, j + 1) + 1
          : Math.max(lengthAt(table, i + 1, j), lengthAt(table, i, j + 1));
      (table[i] as Uint16Array)[j] = longest;
    }
  }
  return table;
}
