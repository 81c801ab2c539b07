import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hasErrno } from "../files/index.ts";
import { CustodyError } from "custody/ground";
import type { Inspector } from "custody/in-toto";

import { recordArtifacts } from "./record-artifacts.ts";

/**
 * Where inspections run. In the sandbox (bubblewrap): no network, the host's files read-only with home directories hidden,
 * processes of their own, an empty environment. On the host: as whoever verifies, with all that they may do.
 */
export type InspectionPlace = "sandbox" | "host";

export interface InspectionOptions {
  /** Where the final product lies; it is copied, and stays as it is. */
  readonly directory: string;
  readonly place: InspectionPlace;
  /** How long one inspection may take. */
  readonly timeoutSeconds: number;
}

/** Runs inspections one after the other in one copy of the product's directory. */
export async function openInspector(options: InspectionOptions): Promise<Inspector & AsyncDisposable> {
  const work = await mkdtemp(join(tmpdir(), "custody-in-toto-"));
  await cp(options.directory, work, { recursive: true, verbatimSymlinks: true });
  return {
    async inspect(_name, command) {
      const materials = await recordArtifacts(work);
      const exitCode = await run(wordsOf(command, work, options.place), work, options);
      return { materials, products: await recordArtifacts(work), exitCode };
    },
    [Symbol.asyncDispose]: () => rm(work, { recursive: true, force: true }),
  };
}

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

function wordsOf(command: readonly string[], work: string, place: InspectionPlace): readonly string[] {
  if (place === "host") return command;
  const hidden = ["/home", "/root", "/run", "/tmp"].flatMap((one) => ["--tmpfs", one]);
  const view = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", ...hidden, "--bind", work, work];
  // As nobody: what runs as root, tar say, would give files to users that are not there.
  const nobody = ["--uid", "65534", "--gid", "65534"];
  const apart = [
    "--unshare-all",
    ...nobody,
    "--die-with-parent",
    "--new-session",
    "--cap-drop",
    "ALL",
    "--chdir",
    work,
  ];
  const environment = ["--clearenv", "--setenv", "PATH", path, "--setenv", "HOME", work];
  return ["bwrap", ...view, ...apart, ...environment, "--", ...command];
}

function run(
  [program = "", ...args]: readonly string[],
  cwd: string,
  { timeoutSeconds, place }: InspectionOptions,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      stdio: "ignore",
      timeout: timeoutSeconds * 1000,
      killSignal: "SIGKILL",
    });
    child.once("error", (cause) => reject(startFault(program, place, cause)));
    child.once("close", (code, signal) => resolve(code ?? (signal === null ? 1 : 137)));
  });
}

function startFault(
  program: string,
  place: InspectionPlace,
  cause: Error,
): CustodyError<"in-toto/no-inspector"> {
  const isMissing = hasErrno(cause, "ENOENT");
  return new CustodyError(
    "in-toto/no-inspector",
    `${program} ${isMissing ? "is not there" : "does not start"}`,
    {
      subject: program,
      cause,
      next:
        place === "sandbox"
          ? "install bubblewrap (apt install bubblewrap), or run inspections unprotected: --inspections host"
          : "install what the layout's inspection runs",
    },
  );
}
