import { client } from "../api/client.ts";
import { rootQuery } from "../api/queries.ts";
import { keptTrust } from "../verify/kept-trust.ts";
import { reportQuery } from "../verify/report-query.ts";

/** Asks for what the view of a chain needs, and has it verified, while the view itself is still on its way. */
export function prepareChain(thing: string): void {
  if (thing === "") return;
  // A view that finds no answer asks again, and says what went wrong.
  void prepareReport(thing).catch(() => undefined);
}

async function prepareReport(thing: string): Promise<void> {
  const trust = keptTrust() ?? (await client.fetchQuery(rootQuery));
  await client.prefetchQuery(reportQuery({ thing, trust }));
}
