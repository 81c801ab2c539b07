/**
 * What runs in a stemcell build's own mount and process namespaces: mmdebstrap, then the packing of what it made. The
 * root file system lies in memory where there is enough of it, because dpkg's many small files are slow on a disk; it
 * is gone with the namespace.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { freemem } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { runCommandOrThrow } from "@custody/node/host";
import { packTree } from "@custody/node/trees";

import { archiveName, keptPlace, rootPath, workPlace } from "./bootstrap-places.ts";
import { tidyRoot } from "./tidy.ts";

const enoughMemoryBytes = 4 * 1024 * 1024 * 1024;

async function main(directory: string, args: readonly string[]): Promise<void> {
  const place = join(directory, workPlace);
  await mkdir(place);
  if (freemem() >= enoughMemoryBytes) {
    await runCommandOrThrow(["mount", "-t", "tmpfs", "-o", "mode=0700,size=50%", "tmpfs", place]);
  }
  const child = spawn("mmdebstrap", args, { stdio: ["ignore", "inherit", "inherit"] });
  const [exitCode] = (await once(child, "exit")) as [number | null];
  if (exitCode !== 0) process.exit(exitCode ?? 1);
  console.error("I: packing the root file system");
  await tidyRoot(join(directory, rootPath));
  const archive = createWriteStream(join(directory, keptPlace, archiveName), { flush: true });
  await pipeline(Readable.fromWeb(await packTree(join(directory, rootPath))), archive);
}

await main(process.env["CUSTODY_OUT"] ?? "", process.argv.slice(2));
