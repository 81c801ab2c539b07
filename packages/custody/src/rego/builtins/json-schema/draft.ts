import { isObject, objectGet } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";

/** The draft that a schema says it follows; `infinity` for one that says none: it may use the words of all. */
export type Draft = number;

const drafts: Readonly<Record<string, Draft>> = {
  "http://json-schema.org/draft-04/schema": 4,
  "http://json-schema.org/draft-06/schema": 6,
  "http://json-schema.org/draft-07/schema": 7,
};

export function draftOf(schema: RegoValue): Draft {
  const url = isObject(schema) ? objectGet(schema, "$schema") : undefined;
  const draft = typeof url === "string" ? drafts[url.replace(/#$/, "")] : undefined;
  return draft ?? Infinity;
}
