import { jsonValue as anyJson } from "fast-check";
import type { Arbitrary } from "fast-check";

import type { RegoValue } from "./index.ts";

export { array, assert as check, property } from "fast-check";

/** Any value that JSON can carry, hostile names among the keys. */
export const jsonValue = anyJson({ maxDepth: 3, noUnicodeString: false }) as Arbitrary<RegoValue>;
