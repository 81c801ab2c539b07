/**
 * The holder: the first process of a sandbox's private mount, network and process namespaces. It prepares what the
 * sandbox sees, runs the runtime, and forwards connections. When it ends, by whatever cause, the kernel ends every
 * process in its namespace and drops every mount: there is nothing to clean up.
 *
 * It is a program of its own, started once a sandbox, so it loads nothing but Node's own modules.
 */
import { spawn, spawnSync } from "node:child_process";
import type { StdioOptions } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { constants } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { Forward, HolderReply, HolderRequest, Prepare, Run } from "./holder-protocol.ts";

const maxConnections = 256;

/** The program's output, held open so that its reader does not see an end before the beginning. */
let output: { readonly path: string; readonly keeper: number } | undefined;

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    await answer(JSON.parse(line) as HolderRequest);
  }
  process.exit(0);
}

async function answer(request: HolderRequest): Promise<void> {
  try {
    if (request.kind === "run") return run(request);
    prepare(request);
    await Promise.all(request.forwards.map(listen));
    reply({ kind: "ready" });
  } catch (error) {
    reply({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

function reply(message: HolderReply): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function prepare(request: Prepare): void {
  const options = `mode=0755,nosuid,nodev,size=${request.stageBytes}`;
  execute("mount", ["-t", "tmpfs", "-o", options, "tmpfs", request.stage]);
  for (const path of request.directories) makeDirectory(join(request.stage, path));
  for (const args of request.mounts) execute("mount", args);
  for (const { from, to, owner } of request.copies) {
    execute("cp", ["--archive", "--no-target-directory", from, join(request.stage, to)]);
    execute("chown", ["--recursive", "--no-dereference", `${owner}:${owner}`, join(request.stage, to)]);
  }
  for (const [path, content] of Object.entries(request.files))
    writeFileSync(join(request.stage, path), content);
  output = makeOutput(join(request.stage, request.output.path), request.output.owner);
  if (request.raiseLoopback) execute("ip", ["link", "set", "lo", "up"]);
}

function makeDirectory(path: string): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
}

function execute(command: string, args: readonly string[]): void {
  const result = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${result.stderr.trim()}`);
}

function makeOutput(path: string, owner: number): { path: string; keeper: number } {
  execute("mkfifo", ["--mode=0600", path]);
  chownSync(path, owner, owner);
  return { path, keeper: openSync(path, "r+") };
}

function run(request: Run): void {
  if (output === undefined) throw new Error("nothing is prepared");
  const writer = openSync(output.path, "w");
  const stdio: StdioOptions = ["ignore", writer, writer];
  const child = spawn(request.command, request.args, { env: { PATH: process.env["PATH"] }, stdio });
  // Only the program and what it starts may hold the output now, so that it ends when they do.
  closeSync(writer);
  closeSync(output.keeper);
  child.on("error", (error) => reply({ kind: "failed", message: error.message }));
  child.on("exit", (code, signal) => {
    reply({ kind: "exited", exitCode: code ?? 128 + (signal ? constants.signals[signal] : 0) });
  });
}

async function listen(forward: Forward): Promise<void> {
  const port = { host: "127.0.0.1", port: forward.port };
  const socket = { path: forward.socket };
  const [from, to] = forward.direction === "out" ? [port, socket] : [socket, port];
  const server: Server = createServer({ allowHalfOpen: true }, (inner) => {
    pipeBoth(inner, connect({ ...to, allowHalfOpen: true }));
  });
  server.maxConnections = maxConnections;
  server.listen(from);
  await once(server, "listening");
}

function pipeBoth(a: Socket, b: Socket): void {
  a.on("error", () => b.destroy()).pipe(b);
  b.on("error", () => a.destroy()).pipe(a);
}

await main();
