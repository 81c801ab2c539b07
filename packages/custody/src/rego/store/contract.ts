import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { noContent } from "./content-keeper.ts";
import type { ContentKeeper, KeptContent } from "./content-keeper.ts";

function content(revision: number, text = "package p"): KeptContent {
  return { revision, data: '{"a":1.10,"b":"\\u0000"}', modules: new Map([["a/b.rego", text]]) };
}

/** What every {@link ContentKeeper} does; `open` makes an empty one. */
export function testContentKeeper(name: string, open: () => Promise<ContentKeeper>): void {
  describe(name, () => {
    test("is empty at first", async () => {
      const keeper = await open();
      assert.deepEqual(await keeper.read(), noContent);
      assert.equal(await keeper.readRevision(), 0);
    });

    test("gives back what it was given, letter for letter", async () => {
      const keeper = await open();
      assert.equal(await keeper.replace(content(1)), true);
      assert.deepEqual(await keeper.read(), content(1));
      const odd = content(2, "package p\n# \u0000 ü 𝄞 \\u0000");
      assert.equal(await keeper.replace(odd), true);
      assert.deepEqual(await keeper.read(), odd);
      assert.equal(await keeper.readRevision(), 2);
    });

    test("lets one of two win, and keeps nothing of the other", async () => {
      const keeper = await open();
      const won = await Promise.all(
        ["package a", "package b"].map((text) => keeper.replace(content(1, text))),
      );
      assert.notEqual(won[0], won[1]);
      const [text] = (await keeper.read()).modules.values();
      assert.equal(text, won[0] ? "package a" : "package b");
      assert.equal(await keeper.replace(content(3)), false);
      assert.equal(await keeper.replace(content(1)), false);
      assert.equal(await keeper.readRevision(), 1);
    });
  });
}
