/** Builds the console into the server package, and the playground beside it: what `custody up` shows at `/`. */
import { cp } from "node:fs/promises";
import { join } from "node:path";

import { build } from "vite";

import { buildPlayground, playgroundFolder } from "./playground.ts";

const top = join(import.meta.dirname, "..");
const consoleFolder = join(top, "packages/server/console");

/** Builds both into a folder; what lay in it is replaced. */
export async function buildConsole(folder = consoleFolder): Promise<void> {
  const configFile = join(top, "packages/console/vite.config.ts");
  await build({ configFile, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  const page = await buildPlayground(playgroundFolder);
  await cp(page, join(folder, "playground.html"));
}

if (import.meta.main) await buildConsole();
