import { instantOf, parseDigest } from "custody/ground";

import { checkSandbox, contractScripts } from "./contract.ts";
import type { MemoryPrograms } from "./memory.ts";
import { MemorySandbox } from "./memory.ts";

const programs: MemoryPrograms = {
  [contractScripts.writes]: () => ({
    exitCode: 0,
    output: "written\n",
    files: { "out/hello": "hello\n", "out/deep/data": "data\n" },
  }),
  [contractScripts.fails]: () => ({ exitCode: 7, output: "broken\n" }),
  [contractScripts.stalls]: () => ({ exitCode: 137, stopped: "step/deadline" }),
  [contractScripts.floods]: () => ({ exitCode: 137, stopped: "step/output-flood" }),
  [contractScripts.serves]: () => ({ exitCode: 0 }),
};

checkSandbox("memory", async () => {
  const tree = { digest: parseDigest(`sha256:${"1".repeat(64)}`), place: "/nowhere" };
  const sandbox = new MemorySandbox({ now: () => instantOf(1000) }, programs);
  return { sandbox, root: tree, source: tree, skip: false };
});
