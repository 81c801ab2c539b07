import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { openKeyFile } from "@custody/node/crypto";

import { retireKey } from "./retired-keys.ts";

const top = await mkdtemp(join(tmpdir(), "custody-retired-"));
after(() => rm(top, { recursive: true }));

test("a key is retired once; the second time it is said that it is, and that the server makes the next", async () => {
  await mkdir(join(top, "keys"));
  const key = join(top, "keys", "log.key");
  await assert.rejects(retireKey(top, "log"), { code: "server/no-key", message: /^there is no .*log\.key$/ });
  await openKeyFile(key, "ed25519");
  const { end } = await retireKey(top, "log");
  await assert.rejects(retireKey(top, "log"), {
    code: "server/no-key",
    message: `the log key is retired already, since ${end}`,
    next: /start the server/,
  });
  await openKeyFile(key, "ed25519");
  await retireKey(top, "log");
});
