import { readFile, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";

import { Checker, checkReport, findCheckRules, findFormat, getFormat, namespaceOf } from "custody/conftest";
import type { CheckedFile, CheckResult, Format, Output } from "custody/conftest";
import { CustodyError } from "custody/ground";
import type { AnyObject, Policy } from "custody/rego";
import { mergeDocuments } from "custody/rego/bundle";

import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { localHost } from "./host.ts";
import { explained, LoadError } from "./load-error.ts";
import { isIgnored, loadPaths } from "./load.ts";
import { compileSources } from "./policy-options.ts";
import type { LanguageOptions } from "./policy-options.ts";

export interface ConftestOptions extends LanguageOptions {
  readonly policy: readonly string[];
  readonly data: readonly string[];
  readonly namespace: readonly string[];
  readonly allNamespaces?: boolean;
  readonly combine?: boolean;
  readonly parser?: string;
  readonly failOnWarn?: boolean;
  readonly output: Output;
  readonly ignore: readonly string[];
}

/** `custody rego conftest`: 0 when nothing is denied, 1 when something is, 2 when something could not be decided. */
export async function conftest(call: RegoCall<ConftestOptions>): Promise<number> {
  const { options, streams } = call;
  try {
    const results = await checkAll(call);
    streams.out(checkReport(results, options.output));
    const isRefused = ({ failures, warnings }: CheckResult): boolean =>
      failures.length > 0 || (options.failOnWarn === true && warnings.length > 0);
    return results.some(isRefused) ? endings.failed : endings.done;
  } catch (error) {
    streams.err(explained(error).text);
    return endings.error;
  }
}

async function checkAll({ args, options }: RegoCall<ConftestOptions>): Promise<readonly CheckResult[]> {
  const policies = options.policy.length > 0 ? options.policy : ["policy"];
  const { sources } = await loadPaths(policies, { ...options, onlyModules: true });
  const { data } = await loadPaths(options.data, options);
  const policy = compileSources(
    sources.filter(({ file }) => !file.endsWith("_test.rego")),
    options,
  );
  const checkers = namespacesOf(policy, options).map((namespace) => new Checker(policy, namespace));
  const files = await readFiles(args, options);
  const host = localHost();
  if (options.combine) return checkers.map((one) => one.checkCombined(files, { data, host }));
  return checkers.flatMap((checker) =>
    files.map((file) => checker.check(file, { data: withFile(data, file.path), host })),
  );
}

function namespacesOf(policy: Policy, { namespace, allNamespaces }: ConftestOptions): readonly string[] {
  if (!allNamespaces) return namespace.length > 0 ? namespace : ["main"];
  const all = [...new Set(policy.modules.map(namespaceOf))];
  const checking = all.filter((one) => findCheckRules(policy.modules, one).length > 0);
  if (checking.length > 0) return checking;
  throw new CustodyError("cli/read", "no namespace has a rule that checks anything", {
    next: "name rules deny, violation or warn",
  });
}

/** Policies see which file it is, as in conftest: `data.conftest.file`. */
function withFile(data: AnyObject, path: string): AnyObject {
  const full = resolve(path);
  return mergeDocuments(
    data,
    { conftest: { file: { name: basename(full), dir: dirname(full) } } },
    "conftest",
  );
}

async function readFiles(
  paths: readonly string[],
  options: ConftestOptions,
): Promise<readonly CheckedFile[]> {
  const problems: unknown[] = [];
  const files: CheckedFile[] = [];
  for (const path of (await Promise.all(paths.map((path) => filesOf(path, options)))).flat()) {
    await readConfiguration(path, options)
      .then((file) => files.push(file))
      .catch((error: unknown) => problems.push(error));
  }
  if (problems.length > 0) throw new LoadError(problems);
  if (files.length > 0) return files;
  throw new CustodyError("cli/read", `nothing to check in ${paths.join(", ")}`, {
    next: "name files, or say their format with --parser",
  });
}

/** A file that is named; of a directory the files of known formats, at any depth. */
async function filesOf(path: string, { ignore, parser }: ConftestOptions): Promise<readonly string[]> {
  if (path === "-") return [path];
  const info = await stat(path).catch((error: unknown) => {
    throw new LoadError([error]);
  });
  if (!info.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !isIgnored(entry.name, ignore))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => parser !== undefined || findFormat(file) !== undefined)
    .toSorted();
}

async function readConfiguration(path: string, { parser }: ConftestOptions): Promise<CheckedFile> {
  const content = path === "-" ? await text(process.stdin) : await readFile(path, "utf8");
  try {
    return { path, parsed: formatOf(path, parser).parse(content) };
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    throw new CustodyError("cli/read", `${path}: ${error.message}`, { subject: path, cause: error });
  }
}

function formatOf(path: string, parser: string | undefined): Format {
  const found = parser === undefined ? findFormat(path === "-" ? "input.yaml" : path) : getFormat(parser);
  if (found) return found;
  throw new CustodyError("cli/read", "its name is of no known format", {
    subject: path,
    next: "say its format with --parser",
  });
}
