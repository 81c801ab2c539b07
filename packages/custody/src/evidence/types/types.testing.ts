import assert from "node:assert/strict";

import type { Json } from "custody/ground";

import type { AttestationType, HandOff } from "../attestation-type.ts";
import type { ResourceDescriptor } from "../statement.ts";

type Fields = { readonly [name: string]: Json };

export const sha256 = (digit: string): { readonly sha256: string } => ({ sha256: digit.repeat(64) });
export const subject: readonly ResourceDescriptor[] = [{ name: "app", digest: sha256("a") }];

/** What a good predicate of a type must be read as. */
export interface Reading {
  readonly predicate: Fields;
  readonly handOff: Partial<HandOff>;
  readonly rendering: string;
  /** Paths (`a.b.0.c`) without which it is none. */
  readonly required: readonly string[];
}

/**
 * Holds a type against one good predicate: it is read so, unknown fields are passed over everywhere, and without a required
 * field, or with one of a wrong type, it is refused and the path is named.
 */
export function checkType<P>(
  type: AttestationType<P>,
  { predicate, handOff, rendering, required }: Reading,
): void {
  for (const good of [predicate, withUnknown(predicate) as Fields]) {
    const parsed = type.parse(good);
    const expected = { step: undefined, materials: [], products: [], weakened: [], ...handOff };
    assert.deepEqual(type.handOff(subject, parsed), expected);
    assert.equal(type.render(subject, parsed), rendering);
  }
  for (const path of required) {
    checkRefused(type, without(predicate, path.split(".")), path);
    for (const wrong of [null, 7.5]) checkRefused(type, replaced(predicate, path.split("."), wrong), path);
  }
}

/** That it is no predicate of the type, and which part is why. */
export function checkRefused<P>(type: AttestationType<P>, predicate: Json, path: string): void {
  assert.throws(
    () => type.parse(predicate),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, "evidence/predicate", `${path}: ${error.message}`);
      assert.ok(error.message.includes(`${path}: `), `${error.message} names ${path}`);
      return true;
    },
    `${JSON.stringify(predicate).slice(0, 2000)} is refused for ${path}`,
  );
}

/** The predicate with the value at a path replaced, or, without one, left out. */
export function replaced(value: Json, [key, ...rest]: readonly string[], by?: Json): Json {
  if (key === undefined) return by ?? null;
  if (Array.isArray(value)) {
    return (value as Json[]).map((one, i) => (String(i) === key ? replaced(one, rest, by) : one));
  }
  const { [key]: old = null, ...others } = value as Fields;
  return rest.length === 0 && by === undefined ? others : { ...others, [key]: replaced(old, rest, by) };
}

function without(value: Json, path: readonly string[]): Json {
  return replaced(value, path);
}

function withUnknown(value: Json): Json {
  if (Array.isArray(value)) return (value as Json[]).map(withUnknown);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [
    key,
    // Every member of these is meant: nothing in them is unknown.
    ["digest", "hashes", "annotations"].includes(key) ? member : withUnknown(member),
  ]);
  return { ...Object.fromEntries(members), "x-of-tomorrow": { a: [1] } } as Json;
}
