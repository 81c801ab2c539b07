import { types } from "../../types.ts";
import { equal, isObject, kindName, objectGet, termText } from "../../values/index.ts";
import type { AnyObject, RegoArray, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { arrayOperand } from "../operands.ts";
import { insertChild, removeChild, replaceChild, stepInto } from "./edits.ts";
import { parsePath } from "./paths.ts";

/** RFC 6902, on sets and on keys of every kind too. Removing the whole document makes the result undefined. */
export const jsonPatch: Builtin = {
  name: "json.patch",
  args: [
    types.any,
    types.arrayOf(types.object({ op: types.string, path: types.any }, { key: types.any, value: types.any })),
  ],
  result: types.any,
  evaluate: (context, target, patches) => {
    let document: RegoValue | undefined = target;
    for (const patch of arrayOperand(patches, 2)) document = apply(context, document, patch);
    return document;
  },
};

/** A document that is undefined was removed. */
type Document = RegoValue | undefined;

function apply(context: BuiltinContext, document: Document, patch: RegoValue): Document {
  if (!isObject(patch)) {
    throw new BuiltinError(
      "must be an array of JSON-Patch objects, but at least one element is not an object",
    );
  }
  attribute(patch, "path");
  const operation = operationOf(patch);
  const path = parsePath(attribute(patch, "path"));
  context.spend(1 + path.length);
  switch (operation) {
    case "add":
      return insert(document, path, attribute(patch, "value"));
    case "remove":
      return remove(document, path);
    case "replace":
      return insert(remove(document, path), path, attribute(patch, "value"));
    case "move": {
      const from = parsePath(attribute(patch, "from"));
      const moved = present(find(document, from));
      return insert(remove(document, from), path, moved);
    }
    case "copy":
      return insert(document, path, present(find(document, parsePath(attribute(patch, "from")))));
    case "test":
      return tested(document, find(document, path), attribute(patch, "value"));
    default:
      throw new BuiltinError(`unrecognized op: '${operation}'`);
  }
}

function operationOf(patch: AnyObject): string {
  const operation = attribute(patch, "op");
  if (typeof operation === "string") return operation;
  throw new BuiltinError(`attribute 'op' must be a string but found: ${kindName(operation)}`);
}

function attribute(patch: AnyObject, name: string): RegoValue {
  const value = objectGet(patch, name);
  if (value === undefined) throw new BuiltinError(`missing required attribute '${name}'`);
  return value;
}

function find(document: Document, path: RegoArray): Document {
  let found = document;
  for (const key of path) found = stepInto(present(found), key);
  return found;
}

function present(document: Document): RegoValue {
  if (document === undefined)
    throw new BuiltinError("nil value encountered where composite value was expected");
  return document;
}

function insert(document: Document, path: RegoArray, value: RegoValue): RegoValue {
  if (path.length === 0) return value;
  return edit(present(document), path, (container, key) => insertChild(container, key, value));
}

function remove(document: Document, path: RegoArray): Document {
  const target = present(document);
  return path.length === 0 ? undefined : edit(target, path, removeChild);
}

/** The document with one container on the path replaced: the one that holds the path's last key. */
function edit(
  document: RegoValue,
  path: RegoArray,
  change: (container: RegoValue, key: RegoValue) => RegoValue,
): RegoValue {
  const containers = [document];
  for (const key of path.slice(0, -1)) containers.push(stepInto(containers.at(-1) ?? null, key));
  let changed = change(containers.at(-1) ?? null, path.at(-1) ?? null);
  for (let depth = containers.length - 2; depth >= 0; depth--) {
    changed = replaceChild(containers[depth] ?? null, path[depth] ?? null, changed);
  }
  return changed;
}

function tested(document: Document, found: Document, expected: RegoValue): Document {
  if (found !== undefined && equal(found, expected)) return document;
  const shown = found === undefined ? "<nil>" : termText(found);
  throw new BuiltinError(
    `value from EditTree != patch value.\n\nExpected: ${termText(expected)}\n\nFound: ${shown}`,
  );
}
