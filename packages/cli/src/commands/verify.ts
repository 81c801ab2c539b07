import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

import { nodeCrypto } from "@custody/node/crypto";
import type { VerifiedChain } from "custody/evidence";
import { parseTrustedRoot } from "custody/evidence";
import { CustodyError, exitCodeOf, instantOf, parseJson, refused } from "custody/ground";
import type { Verdict } from "custody/ground";
import { Gates, readChainArchive, verifyChainArchive } from "custody/policy";

import { formatTable } from "../output.ts";
import type { Call } from "./call.ts";
import { getArgument } from "./call.ts";
import { readFileBytes } from "./read-file.ts";
import { readWitnessPolicy } from "./witness-policy.ts";

export interface VerifyOptions {
  readonly trustedRoot?: string;
  readonly witnessPolicy?: string;
  /** What the file must be about; without them it says so itself. */
  readonly image?: string;
  readonly repository?: string;
}

const rootLimitBytes = 8 * 1024 * 1024;

interface Verified {
  readonly image: string;
  readonly repository: string;
  readonly verdict: Verdict<VerifiedChain>;
}

/** `custody verify`: a file offline, anything else by asking the server's gate. */
export async function verify(call: Call<VerifyOptions>): Promise<number> {
  const thing = getArgument(call, 0);
  const verified = (await isFile(thing))
    ? await verifyFile(thing, call.options)
    : await verifyOnServer(call, thing);
  call.output.result(verified, linesOf(verified));
  return exitCodeOf(verified.verdict);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

async function verifyFile(
  path: string,
  { trustedRoot: rootPath, witnessPolicy, image, repository }: VerifyOptions,
): Promise<Verified> {
  if (rootPath === undefined) {
    throw new CustodyError(
      "cli/usage",
      "an exported chain is verified against a trusted root that you already have",
      {
        subject: path,
        next: "give it with --trusted-root FILE; the server has it at /trusted_root.json",
      },
    );
  }
  const witnesses = await readWitnessPolicy(witnessPolicy);
  const root = {
    ...parseTrustedRoot(parseJson(await readFileBytes(rootPath, rootLimitBytes))),
    ...witnesses,
  };
  const archive = await readChainArchive(createReadStream(path));
  const isMeant =
    (image ?? archive.image) === archive.image && (repository ?? archive.repository) === archive.repository;
  const verdict = isMeant
    ? await verifyChainArchive(
        { crypto: nodeCrypto, gates: new Gates() },
        root,
        archive,
        instantOf(Date.now()),
      )
    : refused("chain/other", path, `the file is about ${archive.repository} ${archive.image}`);
  return { image: archive.image, repository: archive.repository, verdict };
}

async function verifyOnServer(call: Call<VerifyOptions>, thing: string): Promise<Verified> {
  const { Client } = await import("../client.ts");
  const client = await Client.open(call.options);
  return client.get<Verified>("/verify", { thing });
}

function linesOf({ image, repository, verdict }: Verified): string[] {
  if (verdict.kind !== "allowed") {
    const word = verdict.kind === "refused" ? "refused" : "could not decide";
    const reasons = verdict.reasons.map(({ code, subject, message }) => `  ${code} (${subject}): ${message}`);
    return [`${repository} ${image}: ${word}`, ...reasons];
  }
  const { commit, signer, steps } = verdict.facts;
  const rows = steps.map(({ name, identity, logIndex, signedAt }) => [
    `  ${name}`,
    identity,
    `log #${logIndex ?? "?"}`,
    new Date(signedAt).toISOString(),
  ]);
  return [
    `${repository} ${image}: the whole chain holds`,
    `  commit ${commit}`,
    `  signed by ${signer.name} (${signer.fingerprint})`,
    ...formatTable(rows),
  ];
}
