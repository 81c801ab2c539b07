import { randomUUID } from "node:crypto";

import { openRegoHost } from "@custody/node/rego-host";
import { CustodyError } from "custody/ground";
import { mergeShallow } from "custody/rego";
import type { AnyObject, CompileOptions, RegoHost } from "custody/rego";
import { optionsText, shownConfiguration } from "custody/rego/config";
import type { BundleConfig, Configuration } from "custody/rego/config";
import type { DocumentPath, RegoStore } from "custody/rego/store";

import type { DecisionLog } from "../decision-log.ts";
import { RequestMetrics } from "../request-metrics.ts";
import type { PluginStates, RegoServices, RequestLimits } from "../services.ts";
import { BundleStatus } from "./bundle-status.ts";
import { discoverConfiguration } from "./discovered.ts";
import { Downloader } from "./downloader.ts";
import type { DownloadPlan } from "./downloader.ts";
import { flaggedPlan } from "./flagged-bundles.ts";
import type { BundleOptions, BundleSource } from "./flagged-bundles.ts";
import { bundleUse, planOf, planText } from "./plans.ts";
import { openConfiguredLog, openFlaggedLog, openReporter } from "./reports.ts";
import type { DecisionOptions } from "./reports.ts";
import type { StatusReporter } from "./status-reporter.ts";

export interface ManagementOptions {
  readonly store: RegoStore;
  readonly compile: CompileOptions;
  readonly limits: RequestLimits;
  /** What policies may see of the world. Default: all but the environment. */
  readonly host?: RegoHost;
  /** How changes are made. Default: at once, and in memory. */
  readonly change?: RegoServices["change"];
  /** What the server is started with. */
  readonly boot: Configuration;
  /** Bundles and the log of decisions that no configuration changes. */
  readonly sources: readonly BundleSource[];
  readonly bundleOptions: BundleOptions;
  readonly decisions?: DecisionOptions;
  /** Of the environment, for what is discovered. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Told of reports that nobody took. */
  readonly say: (line: string) => void;
}

/** Something that runs as options say; the text is the same for the same options. */
interface Running<Part> {
  readonly text: string;
  readonly part: Part;
}

const opaVersion = "1.19.0";
const flushMilliseconds = 1500;

/**
 * What runs as the configuration says: bundles, the log of decisions, reports. Another configuration takes its place whole
 * or not at all; what is the same in both runs on, and no request waits for it.
 */
export class Management implements RegoServices {
  readonly store: RegoStore;
  readonly host: RegoHost;
  readonly change: RegoServices["change"];
  readonly limits: RequestLimits;
  readonly metrics = new RequestMetrics();
  readonly #options: ManagementOptions;
  /** What policies that make a configuration may see: the environment too. */
  readonly #discoveryHost: ReturnType<typeof openRegoHost>;
  readonly #id = randomUUID();
  readonly #flagged: ReadonlyMap<string, Downloader>;
  readonly #flaggedLog: DecisionLog | undefined;
  #configuration: Configuration;
  #downloads = new Map<string, Running<Downloader>>();
  #log: Running<DecisionLog> | undefined;
  #reporter: Running<StatusReporter> | undefined;
  #discovery: Downloader | undefined;
  /** Parts that were replaced, and are not through with what they held. */
  readonly #ending = new Set<Promise<void>>();

  /** @throws CustodyError, RegoFault for a configuration that cannot be run. */
  constructor(options: ManagementOptions) {
    this.store = options.store;
    this.limits = options.limits;
    this.host = options.host ?? openRegoHost();
    this.#discoveryHost = openRegoHost({ env: options.variables });
    this.change = options.change ?? (async (work) => work());
    this.#options = options;
    this.#configuration = options.boot;
    this.#flagged = new Map(
      options.sources.map((source) => {
        const plan = flaggedPlan(source, options.bundleOptions, options.store);
        return [source.name, this.#downloader(source.name, plan)] as const;
      }),
    );
    this.#flaggedLog = options.decisions && openFlaggedLog(options.decisions, this, this.#changed);
  }

  get labels(): Readonly<Record<string, string>> {
    return { ...this.#configuration.labels, id: this.#id, version: opaVersion };
  }

  get decisions(): DecisionLog | undefined {
    return this.#flaggedLog ?? this.#log?.part;
  }

  get bundles(): ReadonlyMap<string, BundleStatus> {
    const configured = [...this.#downloads].map(([name, { part }]) => [name, part.status] as const);
    const flagged = [...this.#flagged].map(([name, { status }]) => [name, status] as const);
    return new Map([...flagged, ...configured]);
  }

  get discovery(): BundleStatus | undefined {
    return this.#discovery?.status;
  }

  get plugins(): PluginStates {
    const { bundles, discovery } = this;
    const state = (isUp: boolean): "NOT_READY" | "OK" => (isUp ? "OK" : "NOT_READY");
    return {
      ...(bundles.size > 0 && { bundle: state([...bundles.values()].every(({ isActive }) => isActive)) }),
      ...(this.decisions && { decision_logs: "OK" as const }),
      ...(discovery && { discovery: state(discovery.isActive) }),
      ...(this.#reporter && { status: "OK" as const }),
    };
  }

  get defaultDecision(): DocumentPath {
    return this.#configuration.defaultDecision;
  }

  get authorizationDecision(): DocumentPath {
    return this.#configuration.defaultAuthorizationDecision;
  }

  get configuration(): AnyObject {
    return shownConfiguration(this.#configuration, this.labels);
  }

  /** @throws what a bundle that is a file is refused for; why the configuration cannot be run. */
  async start(): Promise<void> {
    const { boot, sources } = this.#options;
    this.#apply(boot);
    for (const { name, isRead } of sources) {
      const downloader = this.#flagged.get(name);
      if (isRead) await downloader?.once();
      else downloader?.start();
    }
    if (!boot.discovery) return;
    const plan = planOf(boot, boot.discovery, (files) => {
      const { configuration, revision, overridden } = discoverConfiguration(files, this.#world());
      this.#apply(configuration);
      return {
        kind: "snapshot",
        revision,
        ...(overridden.length > 0 && { note: overriddenNote(overridden) }),
      };
    });
    this.#discovery = this.#downloader("discovery", plan);
    this.#discovery.start();
  }

  /** Ends all of it; what waits to be logged or reported goes a last time. */
  async stop(): Promise<void> {
    const downloaders = [...this.#downloads.values()].map(({ part }) => part);
    await this.#discovery?.stop();
    await Promise.all([...downloaders, ...this.#flagged.values()].map((one) => one.stop()));
    await Promise.all([
      this.decisions && this.#closeLog(this.decisions),
      this.#reporter?.part.close(flushMilliseconds),
      ...this.#ending,
    ]);
  }

  readonly #changed = (): void => this.#reporter?.part.touch();

  #downloader(name: string, plan: DownloadPlan, status = new BundleStatus(name, this.#changed)): Downloader {
    return new Downloader(plan, status);
  }

  #world(): Parameters<typeof discoverConfiguration>[1] {
    const { boot, compile, variables } = this.#options;
    const { runtime, ...host } = this.#discoveryHost;
    const shown = shownConfiguration(boot, this.labels);
    return {
      boot,
      compile,
      variables,
      host: { ...host, runtime: () => mergeShallow(runtime() as AnyObject, { config: shown }) },
    };
  }

  /** Everything that can be refused is, before anything is changed. */
  #apply(next: Configuration): void {
    const { decisions, sources } = this.#options;
    if (decisions && next.decisionLogs) throw twice("decisions are logged", "--log-decisions");
    const double = sources.find(({ name }) => next.bundles.has(name));
    if (double) throw twice(`there is a bundle ${double.name}`, "--bundle");
    const plans = [...next.bundles.values()].map((bundle) => [bundle, this.#planOf(next, bundle)] as const);
    this.store.deactivate([...this.#downloads.keys()].filter((name) => !next.bundles.has(name)));
    this.#configuration = next;
    this.#downloads = this.#downloadsOf(next, plans);
    this.#log = this.#logOf(next);
    this.#reporter = this.#reporterOf(next);
    this.#changed();
  }

  #planOf(next: Configuration, bundle: BundleConfig): DownloadPlan {
    const target = { store: this.store, version: this.#options.compile.version ?? "v1" } as const;
    return planOf(next, bundle, bundleUse(bundle.name, target));
  }

  #downloadsOf(
    next: Configuration,
    plans: readonly (readonly [BundleConfig, DownloadPlan])[],
  ): Map<string, Running<Downloader>> {
    const before = new Map(this.#downloads);
    const after = plans.map(([bundle, plan]): readonly [string, Running<Downloader>] => {
      const known = before.get(bundle.name);
      const text = planText(next, bundle);
      if (known?.text === text) {
        before.delete(bundle.name);
        return [bundle.name, known];
      }
      // What is active stays so until there is something new.
      const part = this.#downloader(bundle.name, plan, known?.part.status);
      part.start();
      return [bundle.name, { text, part }];
    });
    for (const { part } of before.values()) this.#end(part.stop());
    return new Map(after);
  }

  #logOf(next: Configuration): Running<DecisionLog> | undefined {
    const { decisionLogs } = next;
    const text = partText(next, "decision_logs", decisionLogs?.upload?.service);
    if (this.#log?.text === text) return this.#log;
    if (this.#log) this.#end(this.#closeLog(this.#log.part));
    return decisionLogs && { text, part: openConfiguredLog(next, decisionLogs, this, this.#changed) };
  }

  #reporterOf(next: Configuration): Running<StatusReporter> | undefined {
    const { status } = next;
    const text = partText(next, "status", status?.upload?.service);
    if (this.#reporter?.text === text) return this.#reporter;
    if (this.#reporter) this.#end(this.#reporter.part.close(flushMilliseconds));
    return status && { text, part: openReporter(next, status, this, this.#options.say) };
  }

  /** What nobody took in time is lost, and told of. */
  async #closeLog(log: DecisionLog): Promise<void> {
    const before = log.lines.state.dropped;
    await log.close(flushMilliseconds);
    const lost = log.lines.state.dropped - before;
    if (lost > 0)
      this.#options.say(
        `decision log: ${lost} decisions were lost: ${log.lines.state.lastError ?? "no time"}`,
      );
  }

  #end(ending: Promise<void>): void {
    const tracked = ending.finally(() => this.#ending.delete(tracked));
    this.#ending.add(tracked);
  }
}

function partText(next: Configuration, part: string, service = ""): string {
  return `${optionsText(next, [part])}\n${optionsText(next, ["services", service])}`;
}

function twice(what: string, flag: string): CustodyError {
  return new CustodyError("server/configuration", `${what} by ${flag} and by the configuration`, {
    next: `leave out ${flag}`,
  });
}

function overriddenNote(names: readonly string[]): string {
  return `Keys in the discovered configuration overridden by boot configuration: ${names.join(", ")}`;
}
