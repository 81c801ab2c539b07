import { useQuery } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";

import { rootQuery } from "../api/queries.ts";
import { isSameTrust, keepTrust, onTrust, readKept } from "./kept-trust.ts";
import type { KeptTrust } from "./kept-trust.ts";
import type { TrustReport, TrustTexts } from "./messages.ts";
import { verify } from "./verifier-client.ts";

/** What is trusted, and whether the server shows something else by now. */
export interface Trust {
  readonly texts: TrustTexts | undefined;
  readonly kept: KeptTrust | undefined;
  /** What the server shows, where it is not what is trusted. */
  readonly other: TrustTexts | undefined;
  readonly error: Error | null;
}

/** The trust of this browser; the first root that the server shows is kept when it is first asked for. */
export function useTrust(): Trust {
  const kept = useSyncExternalStore(onTrust, readKept);
  const { data, error } = useQuery(rootQuery);
  const own = kept && { root: kept.root, witnesses: kept.witnesses };
  if (!kept && data) queueMicrotask(() => readKept() ?? keepTrust(data, "server"));
  const isOther =
    kept?.source === "server" &&
    data !== undefined &&
    !isSameTrust(data, { root: kept.root, witnesses: kept.witnesses });
  return { texts: own ?? data, kept, other: isOther ? data : undefined, error: kept ? null : error };
}

/** A trusted root in words, by the worker that reads it. */
export function useTrustReport(texts: TrustTexts | undefined): {
  readonly data: TrustReport | undefined;
  readonly error: Error | null;
} {
  const read = useCallback(
    () =>
      texts ? verify({ kind: "trust", trust: texts }, "trust") : Promise.reject(new Error("no trust yet")),
    [texts],
  );
  return useQuery({ queryKey: ["trust-report", texts], queryFn: read, enabled: texts !== undefined });
}
