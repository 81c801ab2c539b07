import { openRegoHost } from "@custody/node/rego-host";
import type { Secret } from "custody/ground";
import { allBuiltins } from "custody/rego/builtins";
import { parseConfiguration } from "custody/rego/config";
import { RegoStore } from "custody/rego/store";
import type { ContentKeeper } from "custody/rego/store";
import type { FastifyInstance, FastifyRequest } from "fastify";

import { findCredential, isToken } from "../token.ts";
import { openRegoDoors, redirectToCleanPath } from "./app.ts";
import { authorize, unauthorized } from "./authorization.ts";
import { KeptChanges } from "./kept-changes.ts";
import { fileSink } from "./line-sinks.ts";
import { Management } from "./management/management.ts";
import type { RegoServices } from "./services.ts";

export interface MountedRegoOptions {
  readonly keeper: ContentKeeper;
  /** Who has it may do everything. */
  readonly token: Secret<string>;
  /** A file that gets a line for each decision. */
  readonly decisionsFile: string;
  /** Told of what could not be read or logged. */
  readonly say: (line: string) => void;
}

/** OPA's API as a part of another server. */
export interface MountedRego {
  readonly services: RegoServices;
  readonly token: Secret<string>;
  close(): Promise<void>;
}

const limits = { bodyBytes: 16 * 1024 * 1024, evaluationMilliseconds: 1000 };
const logBytes = 16 * 1024 * 1024;

/**
 * Opens OPA's API over policies and documents that are kept. They are its own: no gate of Custody reads them. Policies
 * see no network and no environment, for while one is evaluated the whole server waits.
 */
export async function openMountedRego(options: MountedRegoOptions): Promise<MountedRego> {
  const compile = { builtins: allBuiltins };
  const store = new RegoStore(compile);
  const changes = new KeptChanges(store, options.keeper, options.say);
  const { send: _, lookupAddresses: __, ...host } = openRegoHost();
  const management = new Management({
    store,
    compile,
    limits,
    host,
    change: changes.change,
    boot: parseConfiguration({}),
    sources: [],
    bundleOptions: { pollMilliseconds: 60_000, sizeLimitBytes: limits.bodyBytes },
    decisions: { sink: fileSink(options.decisionsFile), hidesSecrets: true, sizeLimitBytes: logBytes },
    variables: {},
    say: options.say,
  });
  await changes.open();
  await management.start();
  return {
    services: management,
    token: options.token,
    close: async () => {
      await changes.close();
      await management.stop();
    },
  };
}

/** The doors below a prefix: all of them for the token, and for others what `system.authz.allow` lets them ask. */
export function openMountedDoors(app: FastifyInstance, { services, token }: MountedRego): void {
  app.addHook("onRequest", redirectToCleanPath);
  app.addHook("onRequest", async (request) => {
    // The doors know their own paths.
    request.raw.url = (request.raw.url ?? "").slice(app.prefix.length) || "/";
    if (!hasToken(request, token) && changes.has(request.method))
      throw unauthorized("changes take the token of the server");
  });
  app.addHook("preHandler", async (request) => {
    if (hasToken(request, token)) return;
    const isDecided = services.store.snapshot.hasRuleFor(services.authorizationDecision);
    if (!isDecided) throw unauthorized("the request carries no valid token");
    authorize(services, request, undefined);
  });
  openRegoDoors(app, services);
}

const changes: ReadonlySet<string> = new Set(["DELETE", "PATCH", "PUT"]);

function hasToken({ headers }: FastifyRequest, token: Secret<string>): boolean {
  const presented = findCredential(headers.authorization);
  return presented !== undefined && isToken(token, presented);
}
