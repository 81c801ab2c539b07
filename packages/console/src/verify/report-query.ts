import { queryOptions } from "@tanstack/react-query";

import type { ChainsReport, TrustTexts } from "./messages.ts";
import { verifyTelling } from "./verifier-client.ts";

/** What is verified: the server's answer as it came, when it came, and against whom. */
export interface ReportQuestion {
  readonly thing: string;
  readonly chains: string | undefined;
  readonly answeredAt: number;
  readonly trust: TrustTexts | undefined;
}

/** The chains behind a word, verified by the worker; not before both the answer and whom to trust are there. */
export const reportQuery = ({ thing, chains, answeredAt, trust }: ReportQuestion) =>
  queryOptions({
    queryKey: ["verified", thing, answeredAt, trust] as const,
    queryFn: async ({ client, queryKey }): Promise<ChainsReport> => {
      if (chains === undefined || !trust)
        throw new Error("there is nothing to verify yet, or nobody to trust");
      return verifyTelling({
        request: { kind: "verify", word: thing, chains, trust, at: Date.now() },
        kinds: ["chains"],
        tell: (soFar) => client.setQueryData(queryKey, soFar),
      });
    },
    enabled: chains !== undefined && trust !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    gcTime: 60_000,
    placeholderData: (previous, query) => (isOfSame(query?.queryKey, thing, trust) ? previous : undefined),
  });

// While a newer answer is verified the last finding stands, but never that of another word or by another's root.
function isOfSame(
  key: readonly unknown[] | undefined,
  thing: string,
  trust: TrustTexts | undefined,
): boolean {
  const [, before, , by] = key ?? [];
  const { root, witnesses } = (by as TrustTexts | undefined) ?? { root: "", witnesses: "" };
  return before === thing && root === trust?.root && witnesses === trust.witnesses;
}
