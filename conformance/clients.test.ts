import assert from "node:assert/strict";
import { test } from "node:test";

import { skip } from "../tests/live.testing.ts";
import { openScene } from "./clients/scene.ts";
import { runSigstoreJs } from "./clients/sigstore-js.ts";

test(
  "the npm client signs and verifies with nothing but the server's own configuration",
  { skip },
  async () => {
    const scene = await openScene(() => undefined);
    try {
      const outcomes = await runSigstoreJs(scene);
      assert.equal(outcomes.length, 10);
      assert.deepEqual(
        outcomes.filter(({ failure }) => failure !== undefined),
        [],
      );
    } finally {
      await scene.close();
    }
  },
);
