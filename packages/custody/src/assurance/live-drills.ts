import type { Verdict } from "custody/ground";
import { allowed, CustodyError, refused } from "custody/ground";

import type { Drill } from "./drill.ts";

/** A running server, as an attacker with its disk or its registry's password sees it. */
export interface LiveScene {
  /** Changes the bytes of a layer of the delivered image in the store, has it read as for a start, and mends it. */
  readAlteredLayer(options: { readonly isChecked: boolean }): Promise<Verdict<unknown>>;
  /** Moves the tag to another image and asks for what the tag names to be started. */
  startMovedTag(without: readonly string[]): Promise<Verdict<unknown>>;
  /** Adds a signer to the policy's row in the database, asks the gate under it, and mends the row. */
  decideUnderChangedPolicy(options: { readonly isChecked: boolean }): Promise<Verdict<unknown>>;
  /** Changes a file of the unpacked source after its checkout, then runs a step on it. */
  runOnChangedSource(options: { readonly isChecked: boolean }): Promise<Verdict<unknown>>;
}

/** Attacks on the running parts: the store, the tags, the checkout. */
export const liveDrills: readonly Drill<LiveScene>[] = [
  {
    name: "an image layer altered in the store",
    code: "blobs/corrupt",
    attempt: (scene, without) => scene.readAlteredLayer({ isChecked: !without.includes("blobs/corrupt") }),
  },
  {
    name: "a tag moved to another image after admission",
    code: "gate/not-admitted",
    attempt: (scene, without) => scene.startMovedTag(without),
  },
  {
    name: "a policy loosened in the database, behind the server's back",
    code: "policy/unattested",
    attempt: (scene, without) =>
      scene.decideUnderChangedPolicy({ isChecked: !without.includes("policy/unattested") }),
  },
  {
    name: "the checked-out source changed before the step ran",
    code: "factory/tree-changed",
    attempt: (scene, without) =>
      scene.runOnChangedSource({ isChecked: !without.includes("factory/tree-changed") }),
  },
];

/** Turns a fault with one of these codes into a refusal: where the store or the factory stops an attack by failing. */
export async function refuseFault(
  codes: readonly string[],
  work: () => Promise<unknown>,
): Promise<Verdict<unknown>> {
  try {
    return allowed(await work());
  } catch (error) {
    if (error instanceof CustodyError && codes.includes(error.code)) {
      return refused(error.code, error.subject ?? "", error.message);
    }
    throw error;
  }
}
