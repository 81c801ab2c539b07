import { isArray, isObject, objectEntries, ObjectBuilder, objectGet } from "../values/index.ts";
import type { AnyObject, RegoArray, RegoValue } from "../values/index.ts";
import { absent, absentItem, invalidPatch, inTheWay, StoreFault } from "./faults.ts";
import type { DocumentPath } from "./paths.ts";

/** One change of the base documents. */
export type DocumentWrite =
  | { readonly kind: "add" | "replace"; readonly path: DocumentPath; readonly value: RegoValue }
  | { readonly kind: "remove"; readonly path: DocumentPath };

/**
 * The document at a path.
 *
 * @throws StoreFault `storage_not_found_error`.
 */
export function readDocument(data: AnyObject, path: DocumentPath): RegoValue {
  return path.reduce<RegoValue>((value, name) => memberOf(value, name, path), data);
}

/** The same, or undefined. */
export function findDocument(data: AnyObject, path: DocumentPath): RegoValue | undefined {
  try {
    return readDocument(data, path);
  } catch (error) {
    if (error instanceof StoreFault) return undefined;
    throw error;
  }
}

function memberOf(value: RegoValue, name: string, path: DocumentPath): RegoValue {
  if (isObject(value)) return objectGet(value, name) ?? absent();
  if (!isArray(value)) return absent();
  return value[positionIn(value, name, path)] ?? null;
}

function positionIn(array: RegoArray, name: string, path: DocumentPath): number {
  if (!/^-?\d+$/.test(name)) return absentItem(path, "array index must be integer");
  const position = Number(name);
  if (position < 0 || position >= array.length) return absentItem(path, "array index out of range");
  return position;
}

/**
 * The documents after a change; those before stay as they were.
 *
 * @throws StoreFault
 */
export function withWrite(data: AnyObject, write: DocumentWrite): AnyObject {
  if (write.path.length > 0) return changed(data, write, 0) as AnyObject;
  if (write.kind === "remove") return invalidPatch("root cannot be removed");
  return isObject(write.value) ? write.value : invalidPatch("root must be object");
}

/**
 * The documents with objects all the way to a path.
 *
 * @throws StoreFault `storage_write_conflict_error` where something else is on the way.
 */
export function withParents(data: AnyObject, path: DocumentPath): AnyObject {
  return path.reduce((whole, _name, depth) => {
    const way = path.slice(0, depth + 1);
    const found = findDocument(whole, way);
    if (found === undefined) return withWrite(whole, { kind: "add", path: way, value: {} });
    return isObject(found) ? whole : inTheWay(way);
  }, data);
}

function changed(value: RegoValue, write: DocumentWrite, depth: number): RegoValue {
  if (isObject(value)) return changedObject(value, write, depth);
  return isArray(value) ? changedArray(value, write, depth) : absent();
}

function changedObject(object: AnyObject, write: DocumentWrite, depth: number): AnyObject {
  const name = write.path[depth] ?? "";
  const member = objectGet(object, name);
  if (depth < write.path.length - 1) {
    return withMember(object, name, changed(member ?? absent(), write, depth + 1));
  }
  if (write.kind !== "add" && member === undefined) return absent();
  return withMember(object, name, write.kind === "remove" ? undefined : write.value);
}

function withMember(object: AnyObject, name: string, value: RegoValue | undefined): AnyObject {
  const builder = new ObjectBuilder();
  for (const [key, member] of objectEntries(object)) if (key !== name) builder.set(key, member);
  if (value !== undefined) builder.set(name, value);
  return builder.build();
}

function changedArray(array: RegoArray, write: DocumentWrite, depth: number): RegoArray {
  const name = write.path[depth] ?? "";
  const isLast = depth === write.path.length - 1;
  if (isLast && (name === "-" || name === String(array.length))) return appended(array, write);
  const position = positionIn(array, name, write.path);
  if (!isLast) return array.with(position, changed(array[position] ?? null, write, depth + 1));
  if (write.kind === "replace") return array.with(position, write.value);
  return array.toSpliced(
    position,
    write.kind === "add" ? 0 : 1,
    ...(write.kind === "add" ? [write.value] : []),
  );
}

function appended(array: RegoArray, write: DocumentWrite): RegoArray {
  if (write.kind === "add") return [...array, write.value];
  return invalidPatch(`/${write.path.join("/")}: invalid patch path`);
}
