import { formatInstant } from "custody/ground";
import { refreshTuf } from "custody/tuf";
import type { TufView } from "custody/tuf";

import type { Call } from "../commands/call.ts";
import { exitCodes, formatTable } from "../output.ts";
import { openPorts, orRefusal } from "./options.ts";
import type { TufOptions } from "./options.ts";

/** `custody tuf refresh`: the four roles, up to date. */
export async function refresh({ output, options }: Call<TufOptions>): Promise<number> {
  const ports = openPorts(options);
  return orRefusal(output, async () => {
    const roles = rolesOf(await refreshTuf(ports));
    const rows = roles.map(({ role, version, expires }) => [`${role} ${version}`, `until ${expires}`]);
    output.result({ verdict: "allowed", roles }, formatTable(rows));
    return exitCodes.yes;
  });
}

function rolesOf({ root, timestamp, snapshot, targets }: TufView) {
  return Object.entries({ root, timestamp, snapshot, targets }).map(([role, { signed }]) => ({
    role,
    version: signed.version,
    expires: formatInstant(signed.expires),
  }));
}
