import { client } from "../api/client.ts";
import { chainsQuery, rootQuery } from "../api/queries.ts";
import { reportQuery } from "../verify/report-query.ts";
import { keptTrust } from "../verify/trust.ts";
import { warmVerifier } from "../verify/verifier-client.ts";
import { warmLayout } from "./layout-client.ts";

/** Asks for what the view of a chain needs, and has it verified, while the view itself is still on its way. */
export function prepareChain(thing: string): void {
  warmVerifier();
  warmLayout();
  if (thing === "") return;
  // A view that finds no answer asks again, and says what went wrong.
  void prepareReport(thing).catch(() => undefined);
}

async function prepareReport(thing: string): Promise<void> {
  const [chains, root] = await Promise.all([
    client.fetchQuery(chainsQuery(thing)),
    client.fetchQuery(rootQuery),
  ]);
  const answeredAt = client.getQueryState(chainsQuery(thing).queryKey)?.dataUpdatedAt ?? 0;
  await client.prefetchQuery(reportQuery({ thing, chains, answeredAt, trust: keptTrust() ?? root }));
}
