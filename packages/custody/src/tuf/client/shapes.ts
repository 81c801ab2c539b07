import type { Instant } from "custody/ground";
import { parseInstant } from "custody/ground";
import * as v from "valibot";

import { delegationsShape } from "./delegations.ts";
import { tufLimits } from "./limits.ts";
import { keyMap, roleShape, text } from "./role-shape.ts";

const version = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const expires = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
  v.rawTransform(({ dataset, addIssue, NEVER }): Instant => {
    try {
      return parseInstant(dataset.value);
    } catch {
      addIssue({ message: "no such day" });
      return NEVER;
    }
  }),
);
const hashes = v.pipe(
  v.record(text, v.pipe(v.string(), v.maxLength(256), v.regex(/^[0-9a-f]+$/))),
  v.minEntries(1),
  v.maxEntries(16),
);
const length = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const metaFile = v.object({
  version,
  length: v.optional(v.pipe(length, v.minValue(1), v.maxValue(tufLimits.signedLengthBytes))),
  hashes: v.optional(hashes),
});
const common = { spec_version: v.pipe(v.string(), v.regex(/^1\.\d+(\.\d+)?$/)), version, expires };
const role = v.object(roleShape);

/** What each kind of metadata must look like; members that are not named here may be there too. */
export const shapes = {
  root: v.object({
    ...common,
    _type: v.literal("root"),
    consistent_snapshot: v.optional(v.boolean(), false),
    keys: keyMap,
    roles: v.object({ root: role, targets: role, snapshot: role, timestamp: role }),
  }),
  timestamp: v.object({
    ...common,
    _type: v.literal("timestamp"),
    meta: v.object({ "snapshot.json": metaFile }),
  }),
  snapshot: v.object({
    ...common,
    _type: v.literal("snapshot"),
    meta: v.pipe(
      v.record(text, metaFile),
      v.transform((files): ReadonlyMap<string, v.InferOutput<typeof metaFile>> => mapOf(files)),
    ),
  }),
  targets: v.object({
    ...common,
    _type: v.literal("targets"),
    targets: v.pipe(
      v.record(text, v.object({ length, hashes })),
      v.transform((files): ReadonlyMap<string, TargetFile> => mapOf(files)),
    ),
    delegations: v.optional(delegationsShape),
  }),
} as const;

export type MetadataKind = keyof typeof shapes;
export type ForeignSigned<Kind extends MetadataKind> = v.InferOutput<(typeof shapes)[Kind]>;

/** What is signed of another role's file; length and hashes are left out at times (§4.4). */
export type MetaFile = v.InferOutput<typeof metaFile>;
/** What is signed of a target: bytes, and hexadecimal hashes by the names of their algorithms (§4.5). */
export interface TargetFile {
  readonly length: number;
  readonly hashes: Readonly<Record<string, string>>;
}

function mapOf<T>(record: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(record));
}
