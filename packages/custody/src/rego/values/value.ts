import type { RegoObject } from "./object.ts";
import type { AnyNumber } from "./number.ts";
import type { RegoSet } from "./set.ts";

/**
 * A Rego value. Values that came as JSON stay as they came: input and data are never copied. Values are immutable
 * once they are handed on.
 *
 * An object is a plain one while all its keys are strings, and a `RegoObject` else: read it through `object.ts`.
 * "Undefined" is JavaScript's `undefined`, and is not a value.
 */
export type RegoValue = null | boolean | string | AnyNumber | RegoArray | PlainObject | RegoObject | RegoSet;

export type RegoArray = readonly RegoValue[];

export interface PlainObject {
  readonly [key: string]: RegoValue;
}

export type AnyObject = PlainObject | RegoObject;

/** The scalars that are filed under themselves in sets and objects. */
export type ScalarKey = null | boolean | string | number | bigint;
