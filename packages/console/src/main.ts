import "./style/tokens.css";
import "./style/base.css";

import { askEarly } from "./api/early.ts";
import { rootPath, sessionPath, witnessPath } from "./api/paths.ts";
import { beginChains } from "./verify/ask-chains.ts";
import { keptTrust } from "./verify/kept-trust.ts";
import type { TrustTexts } from "./verify/messages.ts";
import { warmVerifier } from "./verify/verifier-client.ts";

/* The first and smallest part of the console: what takes longest is begun before the rest of it is there. */

void askEarly(sessionPath);
const thing = readThing(location.pathname);
if (thing !== undefined) {
  warmVerifier();
  void begin(thing);
  void import("./chain/chain-view.tsx");
}
void import("./app.tsx");

/** What the address of a chain names; undefined at any other. */
function readThing(path: string): string | undefined {
  const word = /^\/chain\/(.+)$/.exec(path)?.[1];
  try {
    return word === undefined ? undefined : decodeURIComponent(word);
  } catch {
    return undefined;
  }
}

async function begin(chain: string): Promise<void> {
  const shown = readShown();
  const trust = keptTrust() ?? (await shown);
  if (trust && isSecureContext) beginChains({ thing: chain, trust });
}

/** Whom the server says to trust; undefined where it does not say, which the view will tell of. */
async function readShown(): Promise<TrustTexts | undefined> {
  try {
    const [root, witnesses] = await Promise.all([rootPath, witnessPath].map(askEarly));
    if (!root?.ok || !(witnesses?.ok || witnesses?.status === 404)) return undefined;
    return {
      root: await root.clone().text(),
      witnesses: witnesses.ok ? await witnesses.clone().text() : undefined,
    };
  } catch {
    return undefined;
  }
}
