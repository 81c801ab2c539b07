import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

import type { Bytes } from "custody/ground";
import { Updater } from "tuf-js";

const top = await mkdtemp(join(tmpdir(), "custody-tuf-"));
after(() => rm(top, { recursive: true, force: true }));

/** Where a client keeps what it has seen. */
export function makeClientFolder(): Promise<string> {
  return mkdtemp(join(top, "client-"));
}

/** What a stock client reads in the repository, starting from its first root, or from what it had seen before. */
export async function readAsClient(
  files: ReadonlyMap<string, Bytes>,
  name: string,
  folder?: string,
): Promise<string> {
  const server = createServer((request, response) => {
    const found = files.get(decodeURIComponent((request.url ?? "/").slice(1)));
    response.statusCode = found ? 200 : 404;
    response.end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const place = folder ?? (await makeClientFolder());
  const first = files.get("1.root.json");
  assert.ok(first);
  await writeFile(join(place, "root.json"), first, { flag: "wx" }).catch(() => undefined);
  try {
    const updater = new Updater({
      metadataDir: place,
      metadataBaseUrl: url,
      targetDir: place,
      targetBaseUrl: `${url}/targets`,
      config: { fetchRetry: 0 },
    });
    await updater.refresh();
    const info = await updater.getTargetInfo(name);
    assert.ok(info, `${name} is no target`);
    return await readFile(await updater.downloadTarget(info), "utf8");
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
