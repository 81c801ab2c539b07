export { factSchemas, gatesRevision } from "./compiled.ts";
export { factShapes, gateNames } from "./facts.ts";
export type { ChainFacts, GateFacts, GateName } from "./facts.ts";
export { gateBuiltins } from "./gate-builtins.ts";
export { Gates } from "./gates.ts";
export type { GateDecision, GatesOptions, HearDecision } from "./gates.ts";
export { artifactsOf, chainFactsOf, verificationOf } from "./verification.ts";
