import type { ChildProcess } from "node:child_process";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { lockDirectory } from "@custody/node/files";
import { findRequirements } from "@custody/node/host";
import { StemcellStore } from "@custody/node/stemcells";
import { findFaultCode } from "custody/ground";

import { custody } from "../demo/custody.ts";
import type { ExampleRepository } from "../demo/example.ts";

const execute = promisify(execFile);
const top = join(import.meta.dirname, "..");
const program = join(top, "packages/cli/src/main.ts");
const cache = process.env["CUSTODY_TEST_STEMCELLS"] ?? join(top, "node_modules/.cache/custody-stemcells");

const host = await findRequirements();
const missing = host.tools.filter(({ version }) => version === undefined).map(({ name }) => name);

/** Why live tests cannot run here, or false. */
export const skip = host.root
  ? missing.length > 0
    ? `not installed: ${missing.join(", ")}`
    : false
  : "needs root";

/** A folder for one suite, which users of sandboxes may pass through; removed with all that is in it. */
export async function makeFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `custody-${name}-`));
  await chmod(folder, 0o711);
  return folder;
}

/** A directory for a server that finds the stemcell without packages already made. */
export async function makeServerDirectory(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await fillCache();
  await execute("cp", ["--archive", "--link", cache, join(path, "stemcells")]).catch(() =>
    execute("cp", ["--archive", cache, join(path, "stemcells")]),
  );
  await rm(join(path, "stemcells", "lock"), { force: true });
  return path;
}

async function fillCache(): Promise<void> {
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const lock = await awaitLock();
  try {
    await (await StemcellStore.open(cache)).build({ suite: "bookworm", packages: [] });
  } finally {
    await lock.release();
  }
}

// Suites run side by side: the first one builds, the others wait for it.
async function awaitLock(): ReturnType<typeof lockDirectory> {
  for (let waited = 0; ; waited++) {
    try {
      return await lockDirectory(cache);
    } catch (error) {
      if (findFaultCode(error) !== "files/locked" || waited === 240) throw error;
      await sleep(500);
    }
  }
}

/** Starts a server on the directory, and has it deliver what the example's developer ada signs. */
export async function startFor(example: ExampleRepository, directory: string): Promise<LiveServer> {
  const server = await LiveServer.start(directory);
  const signer = ["--signer", `ada=${example.keys.ada}`];
  const { exitCode } = await custody(["policy", "set", example.directory, ...signer, "--dir", directory]);
  if (exitCode !== 0) throw new Error("the policy was not set");
  return server;
}

/** `custody up` in a process of its own. */
export class LiveServer {
  readonly directory: string;
  readonly url: string;
  readonly pid: number;
  /** What it wrote to standard error, line by line. */
  readonly said: string[];
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;

  private constructor(directory: string, url: string, child: ChildProcess, said: string[]) {
    this.directory = directory;
    this.url = url;
    this.pid = child.pid ?? 0;
    this.said = said;
    this.#child = child;
    this.#exited = new Promise((resolve) => child.once("exit", resolve));
  }

  /** Starts it and waits until it says that it is up; rejects with what it said when it ends instead. */
  static async start(directory: string, ...args: readonly string[]): Promise<LiveServer> {
    const words = ["up", "--json", "--no-install", "--dir", directory, "--trust-domain", "live.test"];
    const listen = args.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"];
    const child = spawn(process.execPath, [program, ...words, ...listen, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
    const answer = await readJson(child);
    if (typeof answer["url"] === "string") return new LiveServer(directory, answer["url"], child, said);
    throw new Error(`custody up ended: ${JSON.stringify(answer)} ${said.join("\n")}`);
  }

  /** kill -9; returns when the process is gone. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  /** SIGTERM; answers with the exit code and how long it took. */
  async stop(): Promise<{ exitCode: number | null; seconds: number }> {
    const start = performance.now();
    this.#child.kill("SIGTERM");
    const exitCode = await this.#exited;
    return { exitCode, seconds: (performance.now() - start) / 1000 };
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }
}

async function readJson(child: ChildProcess): Promise<Record<string, unknown>> {
  let text = "";
  child.stdout?.setEncoding("utf8");
  const ended = once(child, "exit");
  for (;;) {
    const chunk = await Promise.race([once(child.stdout ?? child, "data"), ended]);
    if (typeof chunk[0] !== "string" || chunk[0].startsWith("SIG")) return parse(text);
    text += chunk[0];
    if (text.trimEnd().endsWith("\n}")) return parse(text);
  }
}

function parse(text: string): Record<string, unknown> {
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** Asks again and again until the answer is there; the last failure says what was waited for. */
export async function eventually<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(100);
  }
}
