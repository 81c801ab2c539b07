export { Explainer } from "./explainer.ts";
export type { Decision, Explanation } from "./explainer.ts";
export { referencesOf } from "./references.ts";
export type { World } from "./references.ts";
