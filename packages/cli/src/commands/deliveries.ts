import type { Delivery } from "custody/control";

import { Client } from "../client.ts";
import { exitCodes, formatTable } from "../output.ts";
import type { Call } from "./call.ts";

/** `custody deliveries`. */
export async function deliveries({ output, options, args }: Call): Promise<number> {
  const client = await Client.open(options);
  const [repository] = args;
  const found = await client.get<{ deliveries: Delivery[] }>(
    "/deliveries",
    repository === undefined ? {} : { repository },
  );
  const header = ["DELIVERY", "REPOSITORY", "COMMIT", "STATE", "WHY"];
  const rows = found.deliveries.map(({ id, repository, commit, phase, state }) => [
    id,
    repository,
    commit.slice(0, 12),
    phase,
    state.reasons?.[0]?.code ?? "",
  ]);
  output.result(found, rows.length === 0 ? ["no deliveries yet"] : formatTable([header, ...rows]));
  return exitCodes.yes;
}
