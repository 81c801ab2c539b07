import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { CustodyServer } from "@custody/server";
import type { SandboxScene } from "custody/assurance";
import type { Delivery } from "custody/control";
import { getState } from "custody/control";
import { CustodyError } from "custody/ground";
import type { Digest } from "custody/ground";

/** What the sandbox drills attack: this host, from inside a step that runs in the delivered stemcell. */
export async function openSandboxScene(
  server: CustodyServer,
  delivery: Delivery,
  publicFolder: string,
): Promise<SandboxScene> {
  const { sandbox, factory } = server.wired.control;
  const place = async (digest: Digest) => ({ digest, place: await factory.trees.place(digest) });
  const hostFile = join(publicFolder, "anyone-may-read-this");
  await writeFile(hostFile, "a file of the host\n", { mode: 0o644 });
  const stemcell: Digest | undefined = getState(delivery, "stemcells")["run"];
  if (!stemcell) throw new CustodyError("demo/no-stemcell", "the delivery has no stemcell `run`");
  return {
    sandbox,
    step: { root: await place(stemcell), source: await place(getState(delivery, "source")) },
    hostPort: Number(new URL(server.url).port),
    hostFile,
  };
}
