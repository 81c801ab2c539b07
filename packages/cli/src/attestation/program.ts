import type { Command } from "commander";

import { example, run } from "../command-parts.ts";

/** The commands that read attestations of any origin. */
export function addAttestationCommands(program: Command): void {
  const attestation = program
    .command("attestation")
    .description("attestations of any origin: which types are read, and what one says");
  attestation
    .command("types")
    .description("list the types by their short names, with their predicate types")
    .option("--json", "print the result as one JSON value")
    .addHelpText("after", example("custody attestation types --json"))
    .action(run(async (call) => (await import("./types.ts")).listAttestationTypes(call)));
  attestation
    .command("show")
    .argument("<file>", "a Sigstore bundle, a DSSE envelope or an in-toto statement")
    .description("print in words what an attestation says; no signature is checked")
    .option("--json", "print the result as one JSON value")
    .addHelpText("after", example("custody attestation show app.sigstore.json"))
    .action(run(async (call) => (await import("./show.ts")).showAttestation(call)));
}
