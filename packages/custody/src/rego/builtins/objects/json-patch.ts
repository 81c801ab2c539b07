import { types } from "../../types.ts";
import { equal, isArray, isObject, kindName, objectGet, termText } from "../../values/index.ts";
import type { AnyObject, RegoArray, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { arrayOperand } from "../operands.ts";
import { findChild } from "./children.ts";
import { insertChild, removeChild, replaceChild, stepInto } from "./edits.ts";
import { parsePath } from "./paths.ts";
import { Removals } from "./removals.ts";

/** RFC 6902, on sets and on keys of every kind too. Removing the whole document makes the result undefined. */
export const jsonPatch: Builtin = {
  name: "json.patch",
  args: [
    types.any,
    types.arrayOf(types.object({ op: types.string, path: types.any }, { key: types.any, value: types.any })),
  ],
  result: types.any,
  evaluate: (context, target, patches) => {
    const state: State = { document: target, removals: new Removals() };
    for (const patch of arrayOperand(patches, 2)) state.document = apply(context, state, patch);
    return state.document;
  },
};

/** What the patches so far have made. */
interface State {
  document: Document;
  readonly removals: Removals;
}

/** A document that is undefined was removed. */
type Document = RegoValue | undefined;

function apply(context: BuiltinContext, state: State, patch: RegoValue): Document {
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
      return insert(state, path, attribute(patch, "value"));
    case "remove":
      return remove(state, path);
    case "replace": {
      const value = attribute(patch, "value");
      return insert({ ...state, document: remove(state, path) }, path, value);
    }
    case "move": {
      const from = parsePath(attribute(patch, "from"));
      const moved = present(find(state, from));
      return insert({ ...state, document: remove(state, from) }, path, moved);
    }
    case "copy":
      return insert(state, path, present(find(state, parsePath(attribute(patch, "from")))));
    case "test":
      return tested(state.document, find(state, path), attribute(patch, "value"));
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

function find({ document, removals }: State, path: RegoArray): Document {
  removals.refuse(path, "unfold");
  let found = document;
  for (const key of path) found = stepInto(present(found), key);
  return found;
}

function present(document: Document): RegoValue {
  if (document === undefined)
    throw new BuiltinError("nil value encountered where composite value was expected");
  return document;
}

function insert({ document, removals }: State, path: RegoArray, value: RegoValue): RegoValue {
  if (path.length === 1 && document === undefined)
    throw new BuiltinError("deleted node encountered during insert operation");
  removals.refuse(path.slice(0, -1), "unfold");
  removals.forget(path);
  if (path.length === 0) return value;
  return edit(present(document), path, (container, key) => insertChild(container, key, value));
}

function remove({ document, removals }: State, path: RegoArray): Document {
  const target = present(document);
  removals.refuse(path, "delete");
  if (path.length === 0) return undefined;
  return edit(target, path, (container, key) => {
    const rest = removeChild(container, key);
    if (!isArray(container)) removals.note(path, findChild(container, key) ?? null);
    return rest;
  });
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
