import { nodeCrypto } from "@custody/node/crypto";
import { parseTrustedRoot, parseWitnessDemand, revisionOf } from "custody/evidence";
import type { TrustedRoot } from "custody/evidence";
import { CustodyError, digestOf, parseJson, utf8 } from "custody/ground";
import { parseTufMetadata, roleNames } from "custody/tuf";

import { Client } from "../client.ts";
import type { Call } from "../commands/call.ts";
import { exitCodes } from "../output.ts";

interface Trust {
  readonly root: unknown;
  readonly roles: Readonly<Record<string, { readonly version: number; readonly expires: string }>>;
}

/**
 * `custody trust show`: the trusted root by its revision, which the console shows too; the roles of the repository, until
 * when each holds, and whose keys sign it.
 */
export async function show({ options, output }: Call): Promise<number> {
  const client = await Client.open(options);
  const trust = await client.get<Trust>("/trust");
  const { signed } = parseTufMetadata(utf8(JSON.stringify(trust.root)), "root");
  const lines = roleNames.flatMap((role) => {
    const { keyids, threshold } = signed.roles[role];
    const { version, expires } = trust.roles[role] ?? { version: 0, expires: "never made" };
    return [
      `${role} ${version}, until ${expires}; ${threshold} of ${keyids.length} must sign`,
      ...keyids.map((id) => `  ${id} (${signed.keys[id]?.keytype ?? "unknown"})`),
    ];
  });
  const revision = revisionOf((bytes) => digestOf(nodeCrypto, bytes), await readTrustedRoot(client));
  const shown = { ...trust, trustedRoot: { revision } };
  output.result(shown, [`trusted root ${revision}`, ...lines]);
  return exitCodes.yes;
}

async function readTrustedRoot(client: Client): Promise<TrustedRoot> {
  const root = parseTrustedRoot(parseJson(await client.fetchPublic("/trusted_root.json")));
  const witnesses = await findWitnessPolicy(client);
  return witnesses ? { ...root, witnesses: parseWitnessDemand(nodeCrypto, witnesses) } : root;
}

// A server whose log has no witnesses has no such file.
async function findWitnessPolicy(client: Client): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await client.fetchPublic("/witness_policy.json");
  } catch (error) {
    if (error instanceof CustodyError && error.code === "api/not-found") return undefined;
    throw error;
  }
}
