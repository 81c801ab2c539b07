export { decisionDocument } from "./event.ts";
export type { Decision } from "./event.ts";
export { maskParts, parseMasks } from "./masks.ts";
export type { Mask, MaskedParts, Parts } from "./masks.ts";
export { withoutSecrets } from "./secrets.ts";
