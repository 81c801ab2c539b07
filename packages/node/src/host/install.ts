import { runCommandOrThrow } from "./command.ts";
import { hostFault } from "./faults.ts";
import type { HostReport, Tool } from "./requirements.ts";
import { findRequirements, findTestTools, isRoot } from "./requirements.ts";

export interface InstallOptions {
  /** Whether missing tools may be installed with apt-get; it takes root. */
  readonly install: boolean;
  /** Told in one line what is about to be installed, before it is. */
  readonly say: (line: string) => void;
}

const lockTimeoutSeconds = 120;
const installTimeoutSeconds = 600;

/**
 * Makes sure that the host has every tool, and says what it found.
 *
 * @throws CustodyError `host/unsupported` when the kernel lacks what sandboxes need; `host/tools-missing`, whose
 *   `next` is the line to type, when tools are missing and may not or cannot be installed; `host/install-failed`.
 */
export async function ensureRequirements(options: InstallOptions): Promise<HostReport> {
  const before = await findRequirements();
  const missing = missingPackages(before);
  if (missing.length > 0) await installOrThrow(missing, before, options);
  const report = missing.length > 0 ? await findRequirements() : before;
  checkReport(report);
  return report;
}

/**
 * The same for what only the repository's tests need.
 *
 * @throws CustodyError `host/tools-missing` or `host/install-failed`.
 */
export async function ensureTestTools(options: InstallOptions): Promise<void> {
  const missing = missingPackages({ tools: await findTestTools() });
  if (missing.length > 0) await installOrThrow(missing, { root: isRoot() }, options);
}

/** The packages of the tools that are not there, each once, sorted. */
export function missingPackages(report: { readonly tools: readonly Tool[] }): string[] {
  const packages = report.tools.filter((tool) => tool.version === undefined).map((tool) => tool.package);
  return [...new Set(packages)].sort();
}

async function installOrThrow(
  packages: string[],
  { root }: Pick<HostReport, "root">,
  options: InstallOptions,
): Promise<void> {
  if (!options.install || !root) throw missingFault(packages);
  options.say(`installing ${packages.join(", ")} with apt-get: missing on this host`);
  try {
    await aptGet("update");
    await aptGet("install", "--yes", "--no-install-recommends", ...packages);
  } catch (cause) {
    throw hostFault("host/install-failed", `apt-get could not install ${packages.join(", ")}`, {
      subject: packages.join(" "),
      next: installLine(packages),
      cause,
    });
  }
}

async function aptGet(...args: string[]): Promise<void> {
  await runCommandOrThrow(
    ["apt-get", "-o", `DPkg::Lock::Timeout=${lockTimeoutSeconds}`, "--quiet", ...args],
    {
      env: { ...proxyEnvironment(), DEBIAN_FRONTEND: "noninteractive" },
      timeoutSeconds: installTimeoutSeconds,
    },
  );
}

// apt-get reaches its archive the way the host does; nothing else of the environment is passed on.
function proxyEnvironment(): Record<string, string> {
  const names = ["http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function checkReport(report: HostReport): void {
  const missing = missingPackages(report);
  if (missing.length > 0) throw missingFault(missing);
  const lacking = report.features.find((feature) => !feature.available);
  if (lacking !== undefined) {
    throw hostFault("host/unsupported", `this host cannot run sandboxes: ${lacking.detail}`, {
      subject: lacking.name,
      next: "use a Linux host (or virtual machine) whose kernel has user namespaces, cgroups and seccomp",
    });
  }
}

function missingFault(packages: readonly string[]): Error {
  return hostFault("host/tools-missing", `this host lacks ${packages.join(", ")}`, {
    subject: packages.join(" "),
    next: installLine(packages),
  });
}

function installLine(packages: readonly string[]): string {
  return `run as root: apt-get update && apt-get install --yes ${packages.join(" ")}`;
}
