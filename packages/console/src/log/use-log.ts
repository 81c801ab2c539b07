import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";

import { askText } from "../api/ask-text.ts";
import type { TrustTexts } from "../verify/messages.ts";
import { useTrust } from "../verify/trust.ts";
import type { Trust } from "../verify/trust.ts";
import { verify, VerifyFault } from "../verify/verifier-client.ts";
import { keptAlarms, keptCheckpoints } from "./kept.ts";
import { logAddress } from "./log-address.ts";
import { watchLog } from "./watch-log.ts";
import type { WatchedLog } from "./watch-log.ts";

const lookAgainMilliseconds = 15_000;

/** A log, as a view looks at it. */
export interface LookedAtLog {
  readonly trust: Trust;
  /** As the address has it; undefined for the one that takes entries. */
  readonly origin: string | undefined;
  readonly watched: WatchedLog | undefined;
  readonly error: Error | null;
}

/** The log that the address names, or the one that takes entries; looked at again and again. */
export function useLog(): LookedAtLog {
  const { log: origin }: { log?: string } = useSearch({ strict: false });
  return useLogOf(origin);
}

/** The log of an origin, or the one that takes entries; looked at again and again. */
export function useLogOf(origin: string | undefined): LookedAtLog {
  const trust = useTrust();
  const { texts } = trust;
  const { data, error } = useQuery({
    queryKey: ["log", "watch", origin, texts],
    queryFn: () => (texts ? watch(origin, texts) : Promise.reject(trust.error ?? new Error("no trust yet"))),
    enabled: texts !== undefined,
    refetchInterval: lookAgainMilliseconds,
  });
  // What was verified stays while the server does not answer; beside a checkpoint that is refused it does not.
  const watched = error instanceof VerifyFault ? undefined : data;
  return { trust, origin, watched, error: error ?? trust.error };
}

function watch(origin: string | undefined, trust: TrustTexts): Promise<WatchedLog> {
  return watchLog({
    ask: () => askText(`${logAddress(origin)}/checkpoint`, { cache: "no-store" }),
    readCheckpoint: (checkpoint) =>
      verify({ kind: "log-checkpoint", origin, trust, checkpoint }, "log-checkpoint"),
    compare: (notes) => verify({ kind: "log-consistency", origin, trust, notes }, "log-consistency"),
    seen: keptCheckpoints,
    alarms: keptAlarms,
    now: () => new Date().toISOString(),
  });
}
