/**
 * Types of Rego values, as the checker sees them and as OPA's capabilities file writes them (`types.Type`).
 *
 * `any` with nothing in `of` is every value; with something in it, one of those.
 */
export type RegoType =
  | { readonly type: "null" | "boolean" | "number" | "string" }
  | { readonly type: "any"; readonly of?: readonly RegoType[] }
  | { readonly type: "array"; readonly static?: readonly RegoType[]; readonly dynamic?: RegoType }
  | { readonly type: "set"; readonly of?: RegoType }
  | ObjectType
  | FunctionType;

export interface ObjectType {
  readonly type: "object";
  readonly static?: readonly { readonly key: string; readonly value: RegoType }[];
  readonly dynamic?: { readonly key: RegoType; readonly value: RegoType };
}

/** Of a builtin or a function. A `variadic` one takes any number of further arguments of that type. */
interface FunctionType {
  readonly type: "function";
  readonly args?: readonly RegoType[];
  readonly variadic?: RegoType;
  readonly result?: RegoType;
}

export const types = {
  null: { type: "null" },
  boolean: { type: "boolean" },
  number: { type: "number" },
  string: { type: "string" },
  any: { type: "any" },
  anyOf: (...of: readonly RegoType[]): RegoType => ({ type: "any", of }),
  /** An array with these items and, after them, any number of `dynamic` ones. */
  array: (items: readonly RegoType[], dynamic?: RegoType): RegoType => ({
    type: "array",
    ...(items.length > 0 && { static: items }),
    ...(dynamic && { dynamic }),
  }),
  arrayOf: (dynamic: RegoType): RegoType => ({ type: "array", dynamic }),
  setOf: (of: RegoType): RegoType => ({ type: "set", of }),
  /** An object with these keys and, besides, any number of `dynamic` ones. */
  object: (fields: Readonly<Record<string, RegoType>>, dynamic?: ObjectType["dynamic"]): RegoType => ({
    type: "object",
    ...(Object.keys(fields).length > 0 && {
      static: Object.entries(fields).map(([key, value]) => ({ key, value })),
    }),
    ...(dynamic && { dynamic }),
  }),
  objectOf: (key: RegoType, value: RegoType): RegoType => ({ type: "object", dynamic: { key, value } }),
} as const satisfies Record<string, unknown>;
