import { findDocument, withParents, withWrite } from "../store/documents.ts";
import { StoreFault } from "../store/faults.ts";
import type { DocumentPath } from "../store/paths.ts";
import { isArray, isObject, isSet, objectGet, objectOf } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";
import { RegoFault } from "../faults.ts";

/** One thing that is not for the log: it goes, or another value stands there instead. */
export type Mask =
  | { readonly kind: "remove"; readonly path: DocumentPath }
  | { readonly kind: "upsert"; readonly path: DocumentPath; readonly value: RegoValue };

/** The parts of a decision that can be masked. */
export interface Parts {
  readonly input: RegoValue | undefined;
  readonly result: RegoValue | undefined;
}

export interface MaskedParts extends Parts {
  /** Paths that went, and paths that were overwritten: `/input/password`. */
  readonly erased: readonly string[];
  readonly masked: readonly string[];
}

/**
 * The masks that the document `system.log.mask` holds: paths, or objects with `op`, `path` and `value`.
 *
 * @throws RegoFault `rego/type` for anything else: what was to be hidden must not be shown for a slip of the pen.
 */
export function parseMasks(document: RegoValue): readonly Mask[] {
  const listed = isSet(document) ? [...document.sorted()] : document;
  if (!isArray(listed)) throw new RegoFault("rego/type", "system.log.mask is no set of masks");
  return listed.map((one) =>
    typeof one === "string" ? { kind: "remove", path: maskPath(one) } : maskOf(one),
  );
}

function maskOf(document: RegoValue): Mask {
  const member = (name: string): RegoValue =>
    (isObject(document) ? objectGet(document, name) : undefined) ?? null;
  const path = maskPath(member("path"));
  switch (member("op")) {
    case "remove":
      return { kind: "remove", path };
    case "upsert":
      return { kind: "upsert", path, value: member("value") };
    default:
      throw new RegoFault("rego/type", "the op of a mask is neither remove nor upsert");
  }
}

function maskPath(path: RegoValue): DocumentPath {
  if (typeof path !== "string" || !path.startsWith("/"))
    throw new RegoFault("rego/type", "mask must be slash-prefixed");
  const names = path.slice(1).split("/");
  if (["input", "result", "nd_builtin_cache"].includes(names[0] ?? "")) return names;
  throw new RegoFault("rego/type", `mask prefix not allowed: ${names[0]}`);
}

/** The parts after all masks; a mask that points at nothing does nothing. */
export function maskParts(parts: Parts, masks: readonly Mask[]): MaskedParts {
  const present = Object.entries(parts).filter(
    (entry): entry is [string, RegoValue] => entry[1] !== undefined,
  );
  let whole = objectOf(present);
  const erased: string[] = [];
  const masked: string[] = [];
  for (const mask of masks) {
    const after = findMasked(whole, mask);
    if (!after) continue;
    whole = after;
    (mask.kind === "remove" ? erased : masked).push(`/${mask.path.join("/")}`);
  }
  return { input: objectGet(whole, "input"), result: objectGet(whole, "result"), erased, masked };
}

function findMasked(whole: AnyObject, mask: Mask): AnyObject | undefined {
  const { path } = mask;
  if (objectGet(whole, path[0] ?? "") === undefined) return undefined;
  try {
    if (mask.kind === "remove") return withWrite(whole, { kind: "remove", path });
    const above = path.slice(0, -1);
    const parent = findDocument(whole, above);
    if (parent !== undefined && isArray(parent))
      return withWrite(whole, { kind: "replace", path, value: mask.value });
    return withWrite(withParents(whole, above), { kind: "add", path, value: mask.value });
  } catch (error) {
    if (error instanceof StoreFault) return undefined;
    throw error;
  }
}
