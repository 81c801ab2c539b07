import { queryOptions } from "@tanstack/react-query";

import type { ChainsReport, TrustTexts } from "./messages.ts";
import { verify } from "./verifier-client.ts";

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
    queryKey: ["verified", thing, answeredAt, trust],
    queryFn: () => check(chains, trust),
    enabled: chains !== undefined && trust !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    gcTime: 60_000,
  });

async function check(chains: string | undefined, trust: TrustTexts | undefined): Promise<ChainsReport> {
  if (chains === undefined || !trust) throw new Error("there is nothing to verify yet, or nobody to trust");
  return verify({ kind: "verify", chains, trust, at: Date.now() }, "chains");
}
