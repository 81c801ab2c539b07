import { runCosign } from "./cosign.ts";
import { findCosign } from "./find-cosign.ts";
import type { ClientOutcome } from "./outcome.ts";
import { skipAll } from "./outcome.ts";
import { openScene } from "./scene.ts";
import { runSigstoreJs } from "./sigstore-js.ts";

export type { ClientOutcome } from "./outcome.ts";

/** Stock clients of Sigstore against a server that was started for them and has never heard of them. */
export async function runClients(say: (line: string) => void): Promise<readonly ClientOutcome[]> {
  const scene = await openScene(say);
  try {
    const found = await findCosign(say);
    return [
      ...(await runSigstoreJs(scene)),
      ...("path" in found ? await runCosign(scene, found.path) : skipAll("cosign", found.missing)),
    ];
  } finally {
    await scene.close();
  }
}
