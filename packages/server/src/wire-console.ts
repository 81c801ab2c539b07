import { openDecisionStore, openSessionStore } from "@custody/node/console-store";
import { openDeliveryStore, openEventStore } from "@custody/node/control-store";
import { nodeCrypto } from "@custody/node/crypto";
import type { Database } from "@custody/node/postgres";
import type { Clock } from "custody/ground";
import type { HearDecision } from "custody/policy";
import type { Logger } from "pino";

import type { AppPorts } from "./app.ts";
import { ChangeFeed } from "./console/change-feed.ts";
import { DecisionKeeper } from "./console/decision-keeper.ts";
import { Sessions } from "./console/sessions.ts";

/** What the console reads, and what it hears. */
export interface WiredConsole {
  readonly hear: HearDecision;
  readonly doors: Pick<AppPorts, "session" | "streams" | "decisions">;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface ConsoleParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly diagnostics: Logger;
  readonly publicUrl: () => string;
}

/** The console's side of the server: sessions, streams, and the record of what the gates decide. */
export function wireConsole({ database, clock, diagnostics, publicUrl }: ConsoleParts): WiredConsole {
  const decisions = openDecisionStore(database);
  const keeper = new DecisionKeeper(decisions, nodeCrypto, (error) =>
    diagnostics.warn({ error }, "a gate's decision is not in the record"),
  );
  const changes = new ChangeFeed();
  const deliveries = openDeliveryStore(database);
  const events = openEventStore(database);
  const session = { sessions: new Sessions(openSessionStore(database), clock), publicUrl };
  return {
    hear: (decision) => keeper.hear(decision),
    doors: {
      session,
      streams: {
        changes,
        session,
        findDelivery: (id) => deliveries.find(id),
        listEvents: (delivery, after) => events.listAfter(delivery, after),
      },
      decisions,
    },
    start: () => changes.start(database),
    async stop() {
      await changes.stop();
      await keeper.kept();
    },
  };
}
