import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { formatInstant, instantOf } from "custody/ground";
import type { Json } from "custody/ground";

import { bend } from "./bend.testing.ts";
import { ask, forgeBundle, makeWorld, start } from "./forge.testing.ts";
import type { Ends, Wish } from "./forge.testing.ts";
import { verifySigstoreBundle } from "./verify.ts";

const world = await makeWorld();
/** Signed in a v1 log with its own time, and with a timestamp besides. */
const v1: Wish = { isStamped: true };
/** Signed in a v2 log, where the timestamp alone says when. */
const v2: Wish = { entry: "dsse 0.0.2" };

async function check(bundle: Json, root: Json, expected: "allowed" | "refused", what: string): Promise<void> {
  const verdict = await verifySigstoreBundle({ crypto: nodeCrypto }, ask(bundle, root));
  assert.equal(verdict.kind, expected, `${what}: ${JSON.stringify(verdict)}`);
}

const windows = [
  ["certificateAuthorities.0.validFor", v1],
  ["certificateAuthorities.0.validFor", v2],
  ["timestampAuthorities.0.validFor", v1],
  ["timestampAuthorities.0.validFor", v2],
  ["tlogs.0.publicKey.validFor", v1],
  ["tlogs.1.publicKey.validFor", v2],
  ["ctlogs.0.publicKey.validFor", v1],
] as const;

for (const [path, wish] of windows) {
  test(`the ends of ${path} count as in it, and a second further does not (${wish.entry ?? "v1"})`, async () => {
    const bundle = await forgeBundle(world, wish);
    const long = formatInstant(instantOf(start - 86_400_000));
    const set = (from: number | undefined, to?: number) =>
      bend(world.root, path, {
        start: from === undefined ? long : formatInstant(instantOf(start + from)),
        ...(to === undefined ? {} : { end: formatInstant(instantOf(start + to)) }),
      });
    await check(bundle, set(0), "allowed", "starts now");
    await check(bundle, set(1000), "refused", "starts in a second");
    await check(bundle, set(undefined, 0), "allowed", "ends now");
    await check(bundle, set(undefined, -1000), "refused", "ended a second ago");
  });
}

test("a range without a start, or none at all, makes the root none", async () => {
  const bundle = await forgeBundle(world);
  for (const [path] of windows) {
    for (const wrong of [`${path}.start`, path]) {
      assert.throws(() => ask(bundle, bend(world.root, wrong, undefined)), {
        code: "sigstore/root-malformed",
      });
    }
  }
});

test("every time must be within the certificate, the log's and the timestamp's alike", async () => {
  const rows: readonly (readonly [Wish, "allowed" | "refused"])[] = [
    [{ ...v1, loggedAfter: 600_000 }, "allowed"],
    [{ ...v1, loggedAfter: 601_000 }, "refused"],
    [{ ...v1, loggedAfter: -5000 }, "allowed"],
    [{ ...v1, loggedAfter: -6000 }, "refused"],
    [{ ...v1, stampedAfter: 600_000 }, "allowed"],
    [{ ...v1, stampedAfter: 601_000 }, "refused"],
    [{ ...v2, stampedAfter: 600_000 }, "allowed"],
    [{ ...v2, stampedAfter: 601_000 }, "refused"],
    [{ ...v2, stampedAfter: -6000 }, "refused"],
  ];
  for (const [wish, expected] of rows) {
    await check(await forgeBundle(world, wish), world.root, expected, JSON.stringify(wish));
  }
});

for (const who of ["anchor", "intermediate", "timestamps"] as const satisfies readonly (keyof Ends)[]) {
  test(`the certificate of the ${who} must have been valid when it was signed`, async () => {
    const [ending, ended] = [await makeWorld({ [who]: start }), await makeWorld({ [who]: start - 1000 })];
    await check(await forgeBundle(ending, v1), ending.root, "allowed", "ends now");
    await check(await forgeBundle(ended, v1), ended.root, "refused", "ended a second ago");
  });
}
