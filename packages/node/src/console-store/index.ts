export { openDecisionStore } from "./decision-store.ts";
export type { DecisionFilter, DecisionStore, KeptDecision } from "./decision-store.ts";
export { changeChannel, consoleMigrations } from "./migrations.ts";
export { openSessionStore } from "./session-store.ts";
export type { SessionStore } from "./session-store.ts";
