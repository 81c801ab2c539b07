import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { findFaultCode } from "custody/ground";

import { examples } from "../examples/index.ts";
import { maxFragmentLength, packFragment, unpackFragment } from "./fragment.ts";

const texts = { policy: "package a", tests: "", input: "{}", data: "", query: "data.a" };

function fragmentOf(value: unknown): string {
  return `1.${deflateRawSync(JSON.stringify(value)).toString("base64url")}`;
}

async function refuses(fragment: string, code: string): Promise<void> {
  await assert.rejects(unpackFragment(fragment), (error) => {
    assert.equal(findFaultCode(error), code, fragment.slice(0, 60));
    return true;
  });
}

test("a workspace comes back as it was", async () => {
  for (const { workspace } of examples) {
    const fragment = await packFragment(workspace);
    assert.match(fragment, /^1\.[\w-]+$/);
    assert.deepEqual(await unpackFragment(fragment), workspace);
  }
  const strange = { ...texts, policy: "\u0000 é 🦊 <script>", data: "\r\n" };
  assert.deepEqual(await unpackFragment(await packFragment(strange)), strange);
});

test("refuses a fragment that is not one of its own", async () => {
  for (const fragment of ["", "1.", "2.AAAA", "1.A", "1.!!!!", "example", "1.AAAA"]) {
    await refuses(fragment, "share/form");
  }
  const whole = fragmentOf(texts);
  await refuses(whole.slice(0, -6), "share/form");
  await refuses(`${whole}AAAA`, "share/form");
});

test("refuses whatever is not exactly the texts", async () => {
  const { query: _, ...short } = texts;
  const wrong = [
    null,
    [],
    "x",
    short,
    { ...texts, query: 1 },
    { ...texts, more: "" },
    { ...texts, data: {} },
  ];
  for (const value of wrong) await refuses(fragmentOf(value), "share/form");
  const polluting = JSON.stringify(texts).replace("{", '{"__proto__":"x",');
  await refuses(`1.${deflateRawSync(polluting).toString("base64url")}`, "share/form");
});

test("refuses what is too long, packed or unpacked", async () => {
  await refuses(`1.${"A".repeat(maxFragmentLength)}`, "share/size");
  await refuses(fragmentOf({ ...texts, policy: "x".repeat(20_000_000) }), "share/size");
  await refuses(fragmentOf({ ...texts, policy: "x".repeat(300_000) }), "share/size");
  const noise = Array.from(randomBytes(100_000)).join();
  await assert.rejects(packFragment({ ...texts, data: noise }), { code: "share/size" });
});
