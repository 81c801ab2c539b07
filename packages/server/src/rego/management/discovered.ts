import { compile, isObject, objectEntries, objectGet, objectOf, readJson, writeJson } from "custody/rego";
import type { AnyObject, CompileOptions, RegoHost, RegoValue } from "custody/rego";
import { readBundle } from "custody/rego/bundle";
import type { BundleFiles } from "custody/rego/bundle";
import {
  mergeConfigurations,
  normalizeConfiguration,
  optionsText,
  parseConfiguration,
  substituteVariables,
} from "custody/rego/config";
import type { Configuration } from "custody/rego/config";
import { CustodyError } from "custody/ground";

export interface DiscoveryWorld {
  /** What the server was started with: it stands over whatever is discovered. */
  readonly boot: Configuration;
  readonly compile: CompileOptions;
  readonly host: RegoHost;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export interface Discovered {
  readonly configuration: Configuration;
  readonly revision: string;
  /** Options that were discovered, and that the server was started with another value of: `labels.region`. */
  readonly overridden: readonly string[];
}

const steps = 5_000_000;

/**
 * The configuration that a bundle holds, or that its policies make, with that of the start laid over it.
 *
 * @throws RegoFault `rego/config`; RegoDiagnostics, EvaluationError; CustodyError `server/discovery` where there is none,
 * and where it would change how it is itself got.
 */
export function discoverConfiguration(files: BundleFiles, world: DiscoveryWorld): Discovered {
  const { boot, variables } = world;
  const { value, revision } = evaluate(files, world);
  const text = substituteVariables(writeJson(value), (name) => variables[name]);
  const given = withoutDiscovery(normalizeConfiguration(readJson(text)));
  const configuration = parseConfiguration(mergeConfigurations(given, boot.source.reveal()));
  refuseChanges(boot, configuration);
  const overridden = differences(given, boot.source.reveal());
  return { configuration, revision, overridden };
}

function evaluate(
  files: BundleFiles,
  { boot, compile: options, host }: DiscoveryWorld,
): { readonly value: RegoValue; readonly revision: string } {
  const { modules, data, manifest } = readBundle(files, { version: options.version ?? "v1" });
  const version = manifest.regoVersion === 0 ? "v0" : options.version;
  const policy = compile(modules, { ...options, ...(version && { version }) });
  const path = boot.discovery?.decision ?? [];
  const value = policy.prepareDocuments().find(path, undefined, { data, host, limits: { steps } });
  if (value === undefined) throw fault(`undefined configuration: ${["data", ...path].join(".")}`);
  return { value, revision: manifest.revision };
}

function withoutDiscovery(given: AnyObject): AnyObject {
  return objectOf(objectEntries(given).filter(([name]) => name !== "discovery"));
}

/** A configuration that cut off the way on which the next one comes could not be mended from afar. */
function refuseChanges(boot: Configuration, next: Configuration): void {
  const service = boot.discovery?.service ?? "";
  const isSame = (path: readonly string[]): boolean => optionsText(boot, path) === optionsText(next, path);
  if (!isSame(["services", service])) throw fault("updates to the discovery service are not allowed");
  if ([...boot.keys.keys()].some((id) => !isSame(["keys", id])))
    throw fault("updates to keys specified in the boot configuration are not allowed");
}

function differences(lower: AnyObject, upper: AnyObject, prefix = ""): readonly string[] {
  return objectEntries(upper).flatMap(([key, own]) => {
    const name = prefix + (typeof key === "string" ? key : writeJson(key));
    const below = objectGet(lower, key);
    if (below === undefined) return [];
    if (isObject(below) && isObject(own)) return differences(below, own, `${name}.`);
    return writeJson(below) === writeJson(own) ? [] : [name];
  });
}

function fault(message: string): CustodyError {
  return new CustodyError("server/discovery", message, {
    next: "mend the bundle of the configuration; until then the one before counts",
  });
}
