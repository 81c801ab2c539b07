import { once } from "node:events";

import type { CustodyServer } from "@custody/server";

import type { Progress } from "./progress.ts";

/** Prints where the console is, with a link that signs in once. */
export async function showConsole(server: CustodyServer, progress: Progress): Promise<void> {
  progress.print(`\nlook at it in a browser: ${await server.makeSignInLink()}`);
  if (!stays()) progress.print("(as long as the demo runs; `npm run demo -- --stay` waits for you)");
}

/** Where somebody may be looking, waits until they have seen enough. */
export async function letLook(server: CustodyServer, progress: Progress): Promise<void> {
  if (!stays()) return;
  progress.print(`\nthe console stays at ${await server.makeSignInLink()}`);
  progress.print("press Enter to go on: the chain is exported, and the server stops");
  process.stdin.resume();
  await Promise.race([once(process.stdin, "data"), once(process.stdin, "end")]);
  process.stdin.pause();
}

/** At a terminal, or where it was told to stay. */
function stays(): boolean {
  return process.argv.includes("--stay") || (process.stdin.isTTY && process.stdout.isTTY);
}
