import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";

import { checkRecovered, Crash, stages, testCrashes, wrapStages } from "./crash.testing.ts";
import { openLog } from "./index.ts";
import { memoryPorts } from "./log.testing.ts";

testCrashes("a log in memory", async () => memoryPorts(), [1, 2, 3, 4, 7]);

test("goes on after a stage that failed once, without being opened again", async () => {
  for (const stage of stages) {
    const ports = memoryPorts();
    let isFailing = false;
    const flaky = wrapStages(
      ports,
      (name, call) =>
        (...args) =>
          isFailing && name === stage ? Promise.reject(new Crash(name)) : call(...args),
    );
    const log = await openLog(flaky);
    const first = await log.append(utf8("before"));
    isFailing = true;
    await assert.rejects(log.append(utf8("during")), Crash, stage);
    isFailing = false;
    const last = await log.append(utf8("after"));
    await checkRecovered(log, [first, last], undefined);
  }
});
