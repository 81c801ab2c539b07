import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { pack } from "../scripts/pack.ts";
import { makeChain, writeChain } from "./chain-file.ts";
import type { Benchmark, Figure } from "./measure.ts";
import { timeInTurn } from "./measure.ts";

const execute = promisify(execFile);
const top = join(import.meta.dirname, "..");
const rounds = 21;

/** `custody verify chain.tar --trusted-root …` as a process, beside a Node that does nothing. */
export const verifyFile: Benchmark = {
  name: "verify",
  async run(say) {
    const folder = await mkdtemp(join(tmpdir(), "custody-bench-"));
    try {
      const { archive, trustedRoot } = await writeChain(await makeChain(), folder);
      const words = ["verify", archive, "--trusted-root", trustedRoot];
      say("packing and installing");
      const packed = await installPacked(folder);
      say(`${rounds} processes of each, in turn`);
      const [nothing = Number.NaN, ...times] = await timeInTurn(
        [
          ["-e", "0"],
          [join(top, "packages/cli/src/main.ts"), ...words],
          ...(packed === undefined ? [] : [[packed, ...words]]),
        ],
        rounds,
      );
      return times.map((time, i) => figureOf(i === 0 ? "from source" : "from the packages", time, nothing));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function figureOf(how: string, time: number, nothing: number): Figure {
  const beside = `median of ${rounds}: ${time.toFixed(0)} ms beside ${nothing.toFixed(0)} ms`;
  return { what: `custody verify chain.tar, ${how}`, value: time / nothing, unit: "× node -e 0", beside };
}

async function installPacked(folder: string): Promise<string | undefined> {
  const tarballs = await pack(join(folder, "dist"));
  await writeFile(join(folder, "package.json"), "{}");
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional", "--fetch-retries=0"];
  try {
    await execute("npm", ["install", ...options, ...tarballs], { cwd: folder, timeout: 240_000 });
    return join(folder, "node_modules/@custody/cli/dist/main.js");
  } catch {
    return undefined;
  }
}
