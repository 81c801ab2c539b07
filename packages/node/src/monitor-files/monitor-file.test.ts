import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { testMonitorStore } from "../../../custody/src/monitor/contract.ts";
import { openMonitorFile } from "./index.ts";

let directory: string;
let count = 0;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "custody-monitor-"));
});
after(() => rm(directory, { recursive: true }));

testMonitorStore("the monitor's store in a file", () => openMonitorFile(join(directory, String(++count))));

test("does not take a file that it did not write for a beginning", async () => {
  const folder = join(directory, "bad");
  const store = await openMonitorFile(folder);
  for (const text of ["", "null", "{}", '{"checkpoint":"x","read":-1}', '{"checkpoint":"x","read":"1"}']) {
    await writeFile(join(folder, "state.json"), text);
    await assert.rejects(store.find(), { code: "monitor/state" }, text);
  }
  await writeFile(join(folder, "state.json"), '{"checkpoint":"x","read":1}');
  assert.equal((await store.find())?.read, 1);
});
