import type { Bytes } from "custody/ground";

import type { LinkArtifacts } from "./artifact-rules.ts";

/** Where the links of a layout lie. */
export interface LinkSource {
  /** Every file `STEP.KEYID.link` of a step, its content bounded; none is no fault. */
  findLinks(step: string): Promise<readonly LinkFile[]>;
  /** Where the links of a sublayout lie: the folder `STEP.KEYID`. */
  below(step: string, shortKeyid: string): LinkSource;
}

export interface LinkFile {
  /** What stands between the step's name and `.link`. */
  readonly shortKeyid: string;
  readonly content: Bytes;
}

/** Where attestations lie that an attestation layout is judged over. */
export interface AttestationSource {
  /** Every attestation, its content bounded; in an order that does not change. */
  list(): Promise<readonly AttestationFile[]>;
}

export interface AttestationFile {
  /** The file's name; `STEP.ANYTHING.json` offers it for a step. */
  readonly name: string;
  /** A DSSE envelope. */
  readonly content: Bytes;
}

/** Runs an inspection of a layout where the final product lies, and says what was there before and after. */
export interface Inspector {
  inspect(name: string, command: readonly string[]): Promise<Inspected>;
}

export interface Inspected extends LinkArtifacts {
  readonly exitCode: number;
}
