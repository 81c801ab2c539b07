/** Builds the console into the server package, and the playground beside it: what `custody up` shows at `/`. */
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";

import { build } from "vite";

import { buildPlayground, playgroundFolder } from "./playground.ts";

const top = join(import.meta.dirname, "..");
export const consoleFolder = join(top, "packages/server/console");

/** Builds both; what lay in the folder is replaced. */
export async function buildConsole(): Promise<void> {
  await build({ configFile: join(top, "packages/console/vite.config.ts"), logLevel: "error" });
  const page = await buildPlayground(playgroundFolder);
  await mkdir(consoleFolder, { recursive: true });
  await cp(page, join(consoleFolder, "playground.html"));
}

if (import.meta.main) await buildConsole();
