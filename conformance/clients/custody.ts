import { CustodyError } from "custody/ground";

import { verifyBundle } from "../../packages/cli/src/commands/verify-bundle.ts";
import type { Scene } from "./scene.ts";
import { issuer } from "./scene.ts";

/** `custody verify-bundle` of the scene's artifact; throws when the answer is not yes, with the reason's code. */
export async function verifyWithCustody(scene: Scene, bundle: string, identity: string): Promise<void> {
  const lines: string[] = [];
  const output = {
    result: (_: unknown, all: readonly string[]) => lines.push(...all),
    progress: () => {},
    event: () => {},
  };
  const options = {
    bundle,
    trustedRoot: scene.trustedRoot,
    certificateIdentity: identity,
    certificateOidcIssuer: issuer,
  };
  const exitCode = await verifyBundle({ output, args: [scene.artifact], options }).catch((error: unknown) => {
    lines.push(error instanceof CustodyError ? `${error.code}: ${error.message}` : String(error));
    return 2;
  });
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${lines.join(" ")}`);
}
