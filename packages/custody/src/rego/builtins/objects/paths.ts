import { isArray, isSet, kindName, RegoObject } from "../../values/index.ts";
import type { RegoArray, RegoValue } from "../../values/index.ts";
import { membersOperand, wrongOperand, wrongType } from "../operands.ts";

/** A JSON pointer (RFC 6901), which may lack its first slash, or an array of keys. */
export function parsePath(path: RegoValue): RegoArray {
  if (isArray(path)) return path;
  if (typeof path === "string") return path === "" ? [] : path.replace(/^\/+/, "").split("/").map(unescape);
  throw wrongOperand(
    2,
    `must be one of {set, array} containing string paths or array of path segments but got ${kindName(path)}`,
  );
}

function unescape(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Paths as a tree of objects: null where a path ends. What lies below an end does not count. */
export function pathTree(paths: RegoValue): RegoObject {
  if (!isArray(paths) && !isSet(paths)) throw wrongType(paths, 2, "set", "array");
  const root = new RegoObject();
  for (const path of membersOperand(paths, 2)) plant(root, parsePath(path));
  return root;
}

function plant(root: RegoObject, path: RegoArray): void {
  let node = root;
  for (const [i, key] of path.entries()) {
    const child = node.get(key);
    if (i === path.length - 1) node.set(key, null);
    else if (child === null) return;
    else node = child instanceof RegoObject ? child : branch(node, key);
  }
}

function branch(node: RegoObject, key: RegoValue): RegoObject {
  const child = new RegoObject();
  node.set(key, child);
  return child;
}
