import { nodeCrypto } from "@custody/node/crypto";
import { openTufRemote, openTufTrustStore } from "@custody/node/tuf-client";
import { CustodyError, instantOf } from "custody/ground";
import type { TufClientPorts } from "custody/tuf";

import type { Output } from "../output.ts";
import { exitCodes } from "../output.ts";

export interface TufOptions {
  readonly metadataDir: string;
  readonly metadataUrl?: string;
  readonly targetName: readonly string[];
  readonly targetBaseUrl?: string;
  readonly targetDir: string;
}

/** The ports of a client of the repository that the options name. @throws CustodyError `cli/usage`. */
export function openPorts({ metadataDir, metadataUrl, targetBaseUrl: targets }: TufOptions): TufClientPorts {
  if (metadataUrl === undefined)
    throw new CustodyError("cli/usage", "say where the repository is", { next: "give --metadata-url" });
  return {
    crypto: nodeCrypto,
    clock: { now: () => instantOf(Date.now()) },
    remote: openTufRemote({ metadata: metadataUrl, ...(targets === undefined ? {} : { targets }) }),
    store: openTufTrustStore(metadataDir),
  };
}

/**
 * Says why the repository is not believed. That it does not answer ends as a refusal does: tuf-conformance, whose protocol
 * this is, knows the exit codes 0 and 1; the output tells the one from the other.
 */
export async function orRefusal(output: Output, act: () => Promise<number>): Promise<number> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof CustodyError) || !error.code.startsWith("tuf/")) throw error;
    const { code, message, subject, next } = error;
    const verdict = code === "tuf/unreachable" ? "undecided" : "refused";
    output.result({ verdict, reasons: [{ code, message, subject, next }] }, [
      `${verdict === "refused" ? "refused" : "could not decide"} [${code}]`,
      `  ${message}`,
      ...(next === undefined ? [] : [`  next: ${next}`]),
    ]);
    return exitCodes.refused;
  }
}
