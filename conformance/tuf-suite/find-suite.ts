import { execFile } from "node:child_process";
import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);
const version = "v2.4.0";
const repository = "https://github.com/theupdateframework/tuf-conformance";
const place = join(import.meta.dirname, `../../node_modules/.cache/custody-peers/tuf-conformance-${version}`);
const installMilliseconds = 600_000;

/** An installed suite. */
export interface Suite {
  readonly python: string;
  /** The folder of its tests. */
  readonly tests: string;
}

/**
 * tuf-conformance in a Python environment of its own, kept for the next time; made where Python 3 is, from the suite's
 * repository or from what $TUF_CONFORMANCE names for pip (a checkout).
 */
export async function findSuite(say: (line: string) => void): Promise<Suite | { readonly missing: string }> {
  if (!(await succeeds("faketime", ["--version"])))
    return { missing: "there is no faketime, which sets the clock of the client" };
  const python = join(place, "bin/python");
  if (await isThere(join(place, "installed"))) return { python, tests: await testsOf(python) };
  if (!(await succeeds("python3", ["--version"]))) return { missing: "there is no Python 3" };
  say(`installs tuf-conformance ${version}`);
  try {
    await rm(place, { recursive: true, force: true });
    await run("python3", ["-m", "venv", place]);
    await run(python, ["-m", "pip", "install", "--quiet", requirement()]);
    await run("touch", [join(place, "installed")]);
    return { python, tests: await testsOf(python) };
  } catch (error) {
    return { missing: `tuf-conformance could not be installed: ${String(error).slice(0, 300)}` };
  }
}

async function testsOf(python: string): Promise<string> {
  const { stdout } = await execute(python, [
    "-c",
    "import tuf_conformance; print(tuf_conformance.__path__[0])",
  ]);
  return stdout.trim();
}

function requirement(): string {
  return process.env["TUF_CONFORMANCE"] ?? `tuf-conformance @ git+${repository}@${version}`;
}

async function run(command: string, args: readonly string[]): Promise<void> {
  await execute(command, args, { timeout: installMilliseconds });
}

function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return run(command, args).then(
    () => true,
    () => false,
  );
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
