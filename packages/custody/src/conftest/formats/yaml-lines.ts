import { isMap, isNode, isPair, isSeq, LineCounter, parseAllDocuments } from "yaml";
import type { Document } from "yaml";

import type { ValuePath } from "../format.ts";

/** Finds lines of values in a text of YAML or JSON; it is read again once it is asked. */
export function yamlLines(text: string, isOne: boolean): (path: ValuePath) => number {
  let read: { documents: readonly Document[]; counter: LineCounter } | undefined;
  return (path) => {
    read ??= readDocuments(text);
    const [index, ...rest] = isOne ? [0, ...path] : path;
    const document = read.documents[Number(index ?? 0)];
    const offset = document && offsetOf(document.contents, isOne ? path : rest);
    return offset === undefined ? 1 : read.counter.linePos(offset).line;
  };
}

function readDocuments(text: string): { documents: readonly Document[]; counter: LineCounter } {
  const counter = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: counter,
    uniqueKeys: false,
    logLevel: "silent",
    schema: "failsafe",
  });
  const documents = Array.isArray(parsed) ? parsed.filter(({ contents }) => isNode(contents)) : [];
  return { documents, counter };
}

/** Where the key of the last name stands, or the innermost value on the way there. */
function offsetOf(node: unknown, path: ValuePath): number | undefined {
  let found = isNode(node) ? node.range?.[0] : undefined;
  let here: unknown = node;
  for (const part of path) {
    const [next, at] = childOf(here, part);
    if (at === undefined) return found;
    found = at;
    here = next;
  }
  return found;
}

function childOf(node: unknown, part: number | string): readonly [unknown, number | undefined] {
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return [item, isNode(item) ? item.range?.[0] : undefined];
  }
  if (!isMap(node)) return [undefined, undefined];
  const pair = node.items.find((one) => isPair(one) && String(one.key) === String(part));
  return [pair?.value, isNode(pair?.key) ? pair.key.range?.[0] : undefined];
}
