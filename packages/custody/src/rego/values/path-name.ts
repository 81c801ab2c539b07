import { readJson } from "./json-text.ts";
import { canonicalKey } from "./key.ts";
import type { RegoValue } from "./value.ts";

/** No string begins so: this surrogate is only ever the second half of a character, and stands for no byte. */
const mark = "\udfff";

/** The name under which the tree of rules files a constant key: a string is its own, `1` and `true` get another. */
export function pathName(key: RegoValue): string {
  return typeof key === "string" ? key : `${mark}${canonicalKey(key)}`;
}

/** The key that a name stands for. */
export function pathKey(name: string): RegoValue {
  return name.startsWith(mark) ? readJson(name.slice(1)) : name;
}
