import { spawn } from "node:child_process";
import { join } from "node:path";

const program = join(import.meta.dirname, "../packages/cli/src/main.ts");

/** What a run of the `custody` command came to. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
}

/** Runs the real command as a process of its own; progress goes to `say`, line by line. */
export function custody(
  args: readonly string[],
  say: (line: string) => void = () => undefined,
): Promise<CommandResult> {
  return runNode([program, ...args], say);
}

/** As {@link custody}, in a network namespace with nothing in it, not even a loopback that is up. */
export function custodyOffline(args: readonly string[]): Promise<CommandResult> {
  return run("unshare", ["--net", process.execPath, program, ...args], () => undefined);
}

function runNode(args: readonly string[], say: (line: string) => void): Promise<CommandResult> {
  return run(process.execPath, args, say);
}

function run(command: string, args: readonly string[], say: (line: string) => void): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) say(line);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (rest !== "") say(rest);
      resolve({ exitCode: code ?? 2, stdout });
    });
  });
}
