export { findGitState } from "./git-state.ts";
export type { GitState } from "./git-state.ts";
export { hashArtifacts, parseArtifactSpec } from "./hash-artifacts.ts";
export type { ArtifactSpec } from "./hash-artifacts.ts";
export { allowEnvironment, runCommand } from "./run-command.ts";
export type { AllowedEnvironment, CommandOutcome } from "./run-command.ts";
export { recordedWord } from "./withhold.ts";
