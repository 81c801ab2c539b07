import { appendFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { findStats } from "@custody/node/trees";
import { runCommandOrThrow } from "@custody/node/host";
import { sandboxHostname, sandboxUser } from "custody/runtime";

/** What differs from host to host or from build to build, and nothing that runs in a sandbox needs. */
const removed = [
  "etc/.pwd.lock",
  "etc/apt/apt.conf.d/00mmdebstrap",
  "etc/apt/apt.conf.d/99mmdebstrap",
  "etc/apt/preferences.d/custody-pin",
  "etc/apt/sources.list",
  "etc/dpkg/dpkg.cfg.d/99mmdebstrap",
  "etc/group-",
  "etc/gshadow-",
  "etc/machine-id",
  "etc/passwd-",
  "etc/resolv.conf",
  "etc/shadow-",
  "var/lib/dbus/machine-id",
  "var/lib/dpkg/available",
  "var/lib/dpkg/diversions-old",
  "var/lib/dpkg/lock",
  "var/lib/dpkg/lock-frontend",
  "var/lib/dpkg/statoverride-old",
  "var/lib/dpkg/status-old",
  "var/lib/dpkg/triggers/Lock",
];
const emptied = [
  "dev",
  "etc/apt/sources.list.d",
  "proc",
  "run",
  "sys",
  "tmp",
  "var/cache",
  "var/lib/apt/lists",
  "var/log",
  "var/tmp",
];
const mountPoints = ["inputs", "source", "work"];

/**
 * Makes a fresh root file system fit for sandboxes, and the same on every host: no device nodes, no set-id bits, no logs,
 * caches, apt sources or machine id; the directories that sandboxes mount over; the sandbox's name and user.
 */
export async function tidyRoot(root: string): Promise<void> {
  for (const path of removed) await rm(join(root, path), { force: true });
  for (const path of emptied) await emptyDirectory(join(root, path));
  await runCommandOrThrow(["find", root, "-xdev", "-perm", "/6000", "-exec", "chmod", "ug-s", "{}", "+"]);
  for (const path of mountPoints) await mkdir(join(root, path), { mode: 0o755 });
  await writeFile(join(root, "etc/hostname"), `${sandboxHostname}\n`);
  await writeFile(join(root, "etc/hosts"), `127.0.0.1 localhost ${sandboxHostname}\n`);
  await appendFile(join(root, "etc/passwd"), `custody:x:${sandboxUser}:${sandboxUser}::/work:/bin/sh\n`);
  await appendFile(join(root, "etc/group"), `custody:x:${sandboxUser}:\n`);
}

async function emptyDirectory(path: string): Promise<void> {
  if ((await findStats(path))?.isDirectory() !== true) return;
  for (const name of await readdir(path)) await rm(join(path, name), { recursive: true, force: true });
}
