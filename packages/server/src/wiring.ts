import { join } from "node:path";

import { openBlobFiles } from "@custody/node/blobs";
import {
  controlMigrations,
  openAttestationStore,
  openDeliveryStore,
  openEventStore,
  openPolicyStore,
  openWorkloadStore,
} from "@custody/node/control-store";
import { consoleMigrations } from "@custody/node/console-store";
import { nodeCrypto } from "@custody/node/crypto";
import { openRepositories } from "@custody/node/git";
import { logMigrations } from "@custody/node/log-store";
import type { Database } from "@custody/node/postgres";
import { openPublisher, RegistryClient } from "@custody/node/registry-client";
import { contentRows, regoMigrations } from "@custody/node/rego-store";
import { RuncSandbox } from "@custody/node/runc";
import { StemcellStore } from "@custody/node/stemcells";
import { hashTree, TreeCache } from "@custody/node/trees";
import { attest } from "custody/authority";
import type { Authorities, AttestorPorts, Issuer } from "custody/authority";
import { RememberedGate } from "custody/control";
import type { ControlPorts, Publisher } from "custody/control";
import type { Certificate, TrustedRoot } from "custody/evidence";
import type { FactoryPorts } from "custody/factory";
import type { OidcIssuer } from "custody/fulcio";
import type { Secret, Signer } from "custody/ground";
import { CustodyError, equalBytes } from "custody/ground";
import type { Log } from "custody/log";
import { Gates, identitiesOf } from "custody/policy";
import type { HearDecision } from "custody/policy";
import type { TrustDomain } from "custody/spiffe";
import type { Logger } from "pino";

import type { AppPorts } from "./app.ts";
import { authorityPorts, openAuthorities } from "./authority-files.ts";
import type { OpenedAuthorities } from "./authority-files.ts";
import { Deliverer } from "./deliverer.ts";
import { openImagePlaces } from "./image-places.ts";
import { awaitStart, endShardIfDue } from "./log-shards.ts";
import type { ShardPlan } from "./log-shards.ts";
import { httpProbe } from "./probe.ts";
import { openRegistry, registryMigrations } from "./registry.ts";
import { openMountedRego } from "./rego/mounted.ts";
import type { MountedRego } from "./rego/mounted.ts";
import { trustTargets, TrustRepository } from "./trust-repository.ts";
import { wireConsole } from "./wire-console.ts";
import { wireKeyless } from "./wire-keyless.ts";
import { wireSearch } from "./wire-search.ts";
import { wireLog } from "./wire-log.ts";
import type { WiredLog } from "./wire-log.ts";
import { openWitnessPolicy } from "./witness-policy-file.ts";

/** What the wiring is given. */
export interface WiringOptions {
  readonly directory: string;
  readonly trustDomain: TrustDomain;
  readonly database: Database;
  readonly token: Secret<string>;
  readonly diagnostics: Logger;
  readonly owner: string;
  /** Whose identity tokens certificates are given for, besides Custody's own. */
  readonly issuers: readonly OidcIssuer[];
  /** Under which URL others reach the server, where it is not the one that it listens on. */
  readonly publicUrl?: string;
  /** When this start begins another shard of the log. */
  readonly shardPlan?: ShardPlan;
  /** The file of a witness policy that is in force from now on; without it the one that was kept. */
  readonly witnessPolicy?: string;
}

/** Every part of the server, wired together. */
export interface Wired {
  readonly control: ControlPorts;
  readonly database: Database;
  readonly authorities: Authorities;
  readonly attestor: AttestorPorts;
  readonly logSigner: Signer;
  readonly log: Log;
  readonly deliverer: Deliverer;
  readonly doors: Omit<AppPorts, "token" | "diagnostics">;
  /** Begins to work, once the doors are open at this address. */
  start(url: string): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** 2020-01-01T00:00:00Z: builds do not know what time it is. */
const sourceDateEpoch = 1_577_836_800;
const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** In their order: the console watches rows of the control loop. */
const migrations = [
  ...logMigrations,
  ...controlMigrations,
  ...registryMigrations,
  ...regoMigrations,
  ...consoleMigrations,
];

/** Makes every adapter and hands each room what it acts through. */
export async function wire(options: WiringOptions): Promise<Wired> {
  const { directory, database, token, issuers } = options;
  await database.migrate(migrations);
  const opened = await openTrust(options);
  const { authorities, logSigner, logOrigin } = opened;
  const logs = await wireLog({ directory, database, signer: logSigner, origin: logOrigin, ...authorities });
  const { log } = logs;
  const keyless = await wireKeyless({ directory, database, issuers }, opened.keyless);
  const attestor: AttestorPorts = { ...authorityPorts, log, certificateLog: keyless.certificateLog };
  let publicUrl = options.publicUrl;
  const addressed = { ...authorityPorts, publicUrl: () => publicUrl ?? "" };
  const shown = wireConsole({ ...options, ...addressed });
  const publisher = lateBound<Publisher>("the server's address is not known yet");
  const { control, sandbox, stemcells } = await wireControl(options, {
    authorities,
    attestor,
    publisher: publisher.port,
    hear: shown.hear,
  });
  const search = await wireSearch(options, { log, signer: logSigner, origin: logOrigin, control });
  const registry = await openRegistry({ directory, database, blobs: control.blobs, token });
  const rego = await openRego(options);
  const deliverer = await openDeliverer(options, control, async () => {
    stemcells.close();
    await sandbox[Symbol.asyncDispose]();
  });
  await deliverer.takeOver();
  const gate = new RememberedGate(control);
  const trust = openTrustRepository(options, opened, addressed.publicUrl);
  const api = { control, deliverer, gate, resolveTag: registry.resolveTag };
  const parts = { control, database, authorities, attestor, logSigner, log, deliverer };
  return {
    ...parts,
    doors: {
      api,
      registry: registry.ports,
      ...openDoors(authorities, logs),
      ...keyless.doors,
      rego,
      ...search.doors,
      ...shown.doors,
      trust,
      publicUrl: addressed.publicUrl,
    },
    async start(url) {
      publicUrl ??= url;
      const client = new RegistryClient({ url, user: "custody", password: token });
      publisher.bind(openPublisher({ blobs: control.blobs, client, host: new URL(url).host }));
      for (const part of [trust, shown, deliverer]) await part.start();
    },
    async stop() {
      for (const part of [deliverer, shown, trust]) await part.stop();
    },
    close: () => closeAll(sandbox, rego, log, keyless),
  };
}

async function closeAll(sandbox: RuncSandbox, ...parts: { close(): Promise<void> }[]): Promise<void> {
  await sandbox[Symbol.asyncDispose]();
  for (const part of parts) await part.close();
}

function openTrustRepository(
  { directory, diagnostics }: WiringOptions,
  { authorities, keyless }: OpenedAuthorities,
  publicUrl: () => string,
): TrustRepository {
  const targets = () => trustTargets(authorities.trustedRoot, keyless.issuerUrl, publicUrl());
  return new TrustRepository({ directory, ...authorityPorts, diagnostics, targets });
}

/** The authorities, with the witnesses that signatures are held to from now on in their trusted root. */
async function openTrust({
  directory,
  database,
  trustDomain,
  witnessPolicy,
  shardPlan: plan = {},
}: WiringOptions): Promise<OpenedAuthorities> {
  const { clock } = authorityPorts;
  await endShardIfDue({ directory, database, clock, plan });
  const opened = await openAuthorities(directory, trustDomain, plan);
  await awaitStart(clock, opened);
  const witnesses = await openWitnessPolicy(directory, witnessPolicy, authorityPorts.clock);
  const { authorities } = opened;
  const trustedRoot = witnesses ? { ...authorities.trustedRoot, witnesses } : authorities.trustedRoot;
  return { ...opened, authorities: { ...authorities, trustedRoot } };
}

async function openDeliverer(
  { database, owner, diagnostics, directory }: WiringOptions,
  control: ControlPorts,
  abort: () => Promise<void>,
): Promise<Deliverer> {
  return new Deliverer({
    control,
    database,
    owner,
    events: openEventStore(database),
    repositories: await openRepositories(join(directory, "git")),
    log: diagnostics,
    incoming: join(directory, "incoming"),
    abort,
  });
}

/** OPA's API, with a store of its own: no gate reads what is in it. */
async function openRego({ database, token, directory, diagnostics }: WiringOptions): Promise<MountedRego> {
  return openMountedRego({
    keeper: contentRows(database),
    token,
    decisionsFile: join(directory, "opa-decisions.jsonl"),
    say: (reason) => diagnostics.warn({ reason }, "OPA's API has a problem"),
  });
}

/** What stands behind the doors that need no token. */
function openDoors(
  { timestamp, trustedRoot }: Authorities,
  { log, shards }: WiredLog,
): Pick<Wired["doors"], "log" | "shards" | "trustedRoot" | "time" | "rekor"> {
  const own = trustedRoot.logs.find(({ origin }) => shards.get(origin) === log);
  if (!own) throw new CustodyError("server/no-log", "the trusted root names no log");
  return {
    log,
    shards,
    trustedRoot,
    time: { authority: authorityPorts, timestamp, chain: timestampChain(trustedRoot, timestamp) },
    rekor: { crypto: nodeCrypto, log, logId: own.logId },
  };
}

function timestampChain(
  { timestampAuthorities }: TrustedRoot,
  { certificate }: Issuer,
): readonly Certificate[] {
  const issuers = timestampAuthorities.find(({ signingCertificate }) =>
    equalBytes(signingCertificate.der, certificate.der),
  );
  return [certificate, ...(issuers?.chain ?? [])];
}

interface ControlParts {
  readonly authorities: Authorities;
  readonly attestor: AttestorPorts;
  readonly publisher: Publisher;
  readonly hear: HearDecision;
}

async function wireControl(
  { directory, trustDomain, database }: WiringOptions,
  { authorities, attestor, publisher, hear }: ControlParts,
): Promise<{
  readonly control: ControlPorts;
  readonly sandbox: RuncSandbox;
  readonly stemcells: StemcellStore;
}> {
  const { clock } = authorityPorts;
  const blobs = await openBlobFiles(join(directory, "blobs"));
  const trees = await TreeCache.open(join(directory, "trees"), (digest) => blobs.open(digest));
  const sandbox = await RuncSandbox.open({
    directory: join(directory, "sandboxes"),
    clock,
    signingKeyFile: join(directory, "keys", "intermediate.key"),
  });
  const stemcells = await StemcellStore.open(join(directory, "stemcells"));
  const repositories = await openRepositories(join(directory, "git"));
  const factory: FactoryPorts = {
    crypto: nodeCrypto,
    sandbox,
    blobs,
    trees: {
      place: (archive) => trees.place(archive),
      hash: (place) => hashTree(place),
      forget: (archive) => trees.forget(archive),
    },
  };
  const control: ControlPorts = {
    crypto: nodeCrypto,
    gates: new Gates({ hear }),
    clock,
    trustDomain,
    identities: identitiesOf(trustDomain),
    trustedRoot: authorities.trustedRoot,
    deliveries: openDeliveryStore(database),
    attestations: openAttestationStore(database),
    policies: openPolicyStore(database, nodeCrypto),
    workloads: openWorkloadStore(database),
    sources: repositories,
    blobs,
    factory,
    images: openImagePlaces(blobs, trees),
    stemcells: { prepare: (recipe, say) => stemcells.build(recipe, ({ message }) => say(message)) },
    sourceDateEpoch,
    architecture: architectures[process.arch] ?? process.arch,
    publisher,
    sandbox,
    probe: httpProbe,
    attest: (identity, statement) => attest(attestor, authorities, identity, statement),
  };
  return { control, sandbox, stemcells };
}

// The registry client needs the server's own address, which is known when the doors are open.
function lateBound<Port extends object>(message: string): { readonly port: Port; bind(real: Port): void } {
  let bound: Port | undefined;
  const port = new Proxy({} as Port, {
    get(_, name) {
      if (!bound) throw new CustodyError("server/not-ready", message);
      return Reflect.get(bound, name) as unknown;
    },
  });
  return {
    port,
    bind: (real) => {
      bound = real;
    },
  };
}
