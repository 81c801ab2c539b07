import assert from "node:assert/strict";
import { before, test } from "node:test";

import type { TestScene } from "./scene.testing.ts";
import { makeScene } from "./scene.testing.ts";
import { ask } from "./forge.ts";
import { evidenceDrills, layoutDrills, runDrill, sourceDrills } from "./index.ts";

let scene: TestScene;
before(async () => {
  scene = await makeScene();
});

test("the chain that the drills attack is admitted as it is", async () => {
  const verdict = await ask(scene, scene.question, []);
  assert.equal(verdict.kind, "allowed", JSON.stringify(verdict));
});

for (const drill of [...sourceDrills, ...evidenceDrills, ...layoutDrills]) {
  test(`refuses ${drill.name} with ${drill.code}, and only because of that check`, async () => {
    const result = await runDrill(drill, scene);
    assert.deepEqual(
      { refusedWith: result.refusedWith, control: result.control },
      { refusedWith: [drill.code], control: "passed" },
    );
  });
}
