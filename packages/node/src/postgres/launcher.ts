import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { platform } from "node:os";
import { sep } from "node:path";

import { postgresFault } from "./faults.ts";
import { databaseUser, isRoot } from "./places.ts";
import type { Places } from "./places.ts";

/**
 * Starts PostgreSQL's programs so that they end with this process, even by kill -9, and never run as root.
 *
 * `places` are the folders as the program will see them.
 */
export interface Launcher {
  readonly places: Places;
  launch(program: "initdb" | "postgres", args: readonly string[]): ChildProcess;
}

/** @throws CustodyError `postgres/start` where there is no way to start one. */
export function launcherFor(places: Places): Launcher {
  return isRoot() ? rootLauncher(places) : userLauncher(places);
}

// SIGINT is PostgreSQL's fast shutdown: it ends its sessions and closes the files in order.
const diesWithUs = ["--pdeathsig", "SIGINT", "--no-new-privs"];

function userLauncher(places: Places): Launcher {
  return {
    places,
    launch(program, args) {
      const path = `${places.native}/bin/${program}`;
      return platform() === "linux"
        ? start("setpriv", [...diesWithUs, "--", path, ...args])
        : start(path, args);
    },
  };
}

// PostgreSQL refuses root, and an unprivileged user cannot pass a folder like /root on the way to the files. So they
// are mounted where it can: on a small tmpfs that only the program sees, with a passwd file that names its user.
const script = `
set -e
top=$1 native=$2 data=$3 conf=$4 socket=$5
shift 5
mount -t tmpfs -o mode=0755,size=1m,nosuid,nodev custody "$top"
mkdir "$top/native" "$top/data" "$top/conf" "$top/socket"
mount --bind "$native" "$top/native"
mount -o remount,bind,ro,nosuid,nodev "$top/native"
mount --bind "$data" "$top/data"
mount --bind "$conf" "$top/conf"
mount -o remount,bind,ro,nosuid,nodev,noexec "$top/conf"
mount --bind "$socket" "$top/socket"
printf 'root:x:0:0::/:/bin/false\\n${databaseUser.name}:x:${databaseUser.uid}:${databaseUser.gid}::/:/bin/false\\n' > "$top/passwd"
mount --bind "$top/passwd" /etc/passwd
cd "$top"
exec setpriv --reuid ${databaseUser.uid} --regid ${databaseUser.gid} --clear-groups "$@"
`;

function rootLauncher(places: Places): Launcher {
  const top = findMountPoint(Object.values(places) as string[]);
  const inside = {
    native: `${top}/native`,
    data: `${top}/data`,
    conf: `${top}/conf`,
    socket: `${top}/socket`,
  };
  const { native, data, conf, socket } = places;
  const prefix = ["--mount", "--propagation", "private", "--", "sh", "-c", script, "sh"];
  return {
    places: inside,
    launch: (program, args) =>
      start("unshare", [
        ...prefix,
        top,
        native,
        data,
        conf,
        socket,
        ...diesWithUs,
        "--",
        `${inside.native}/bin/${program}`,
        ...args,
      ]),
  };
}

const mountPoints = ["/mnt", "/media", "/srv", "/opt", "/home", "/var/tmp"];

function findMountPoint(sources: readonly string[]): string {
  const isFree = (point: string) =>
    sources.every((source) => !`${source}${sep}`.startsWith(`${point}${sep}`));
  const found = mountPoints.find((point) => existsSync(point) && isFree(point));
  if (found === undefined) throw postgresFault("postgres/start", "there is no folder to mount PostgreSQL on");
  return found;
}

function start(file: string, args: readonly string[]): ChildProcess {
  const env = { PATH: process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", TZ: "UTC" };
  return spawn(file, args, { stdio: ["ignore", "ignore", "pipe"], env });
}
