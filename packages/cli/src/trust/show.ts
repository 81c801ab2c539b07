import { utf8 } from "custody/ground";
import { parseTufMetadata, roleNames } from "custody/tuf";

import { Client } from "../client.ts";
import type { Call } from "../commands/call.ts";
import { exitCodes } from "../output.ts";

interface Trust {
  readonly root: unknown;
  readonly roles: Readonly<Record<string, { readonly version: number; readonly expires: string }>>;
}

/** `custody trust show`: the roles of the repository, until when each holds, and whose keys sign it. */
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
  output.result(trust, lines);
  return exitCodes.yes;
}
