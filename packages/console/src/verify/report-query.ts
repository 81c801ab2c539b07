import { queryOptions } from "@tanstack/react-query";

import { askChains } from "./ask-chains.ts";
import type { ChainsReport, TrustTexts } from "./messages.ts";

/** What is to be verified, and against whom; not before that is known. */
export interface ReportQuestion {
  readonly thing: string;
  readonly trust: TrustTexts | undefined;
}

/**
 * The chains behind a word, verified by the worker. While a newer answer is verified the last finding stands, but never that of
 * another word or by another's root: both are in the key.
 */
export const reportQuery = ({ thing, trust }: ReportQuestion) =>
  queryOptions({
    queryKey: ["chain", thing, trust] as const,
    queryFn: async ({ client, queryKey }): Promise<ChainsReport> => {
      if (!trust) throw new Error("there is nobody to trust yet");
      return askChains({ thing, trust }, (soFar) => {
        const known = client.getQueryData<ChainsReport>(queryKey);
        if (!known || known.pending > 0) client.setQueryData(queryKey, soFar);
      });
    },
    enabled: thing !== "" && trust !== undefined,
    gcTime: 60_000,
  });
