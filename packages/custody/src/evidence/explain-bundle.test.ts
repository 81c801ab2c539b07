import assert from "node:assert/strict";
import { before, test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { makeScene } from "custody/assurance/scene.testing";
import type { TestScene } from "custody/assurance/scene.testing";
import { utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";

import { explainBundle } from "./index.ts";
import type { ExplainedBundle } from "./index.ts";

let scene: TestScene;
before(async () => {
  scene = await makeScene();
});

const explain = (bytes: Bytes, root = scene.authorities.trustedRoot): Promise<ExplainedBundle> =>
  explainBundle(nodeCrypto, bytes, root);
const failed = ({ checks }: ExplainedBundle): string[] =>
  checks.filter(({ holds }) => !holds).map(({ code }) => code);

/** The last bundle of the scene with a change in its text. */
function changed(change: (text: string) => string): Bytes {
  return utf8(change(new TextDecoder().decode(scene.question.bundles.at(-1))));
}

test("every check of a good bundle holds, in the browser's crypto too", async () => {
  for (const bytes of scene.question.bundles) {
    const explained = await explain(bytes);
    assert.deepEqual(failed(explained), []);
    assert.ok(explained.checks.length > 10);
    assert.deepEqual(await explainBundle(webCrypto, bytes, scene.authorities.trustedRoot), explained);
  }
});

test("shows who signed, through which certificates, and what was said", async () => {
  const { identity, certificates, rendering, predicateType } = await explain(scene.question.bundles.at(-1)!);
  const { trustDomain } = scene.authorities;
  assert.equal(identity, `spiffe://${trustDomain}/repository/hello/publish`);
  assert.deepEqual(certificates[0]?.names, [identity]);
  assert.equal(certificates.length, 3);
  assert.match(predicateType, /release/);
  assert.match(rendering, /hello/);
});

test("the way to the root ends in the root that the log signed", async () => {
  for (const bytes of scene.question.bundles) {
    const { inclusion } = await explain(bytes);
    assert.ok(inclusion);
    assert.equal(inclusion.computedRoot, inclusion.claimedRoot);
    assert.equal(inclusion.path.at(-1)?.result ?? inclusion.leafHash, inclusion.claimedRoot);
    assert.deepEqual(
      inclusion.signatures.map(({ role, holds }) => `${role} ${holds}`),
      ["log true"],
    );
  }
});

test("each change fails the checks that it breaks, and no others", async () => {
  const rows: [string, (text: string) => string, string[]][] = [
    [
      "another index",
      (text) => text.replace(/"logIndex":"\d+"/, '"logIndex":"0"'),
      ["evidence/log-proof-invalid"],
    ],
    [
      "another signature",
      (text) =>
        text.replace(
          /"sig":"(.{20})(.)/,
          (_, head: string, one: string) => `"sig":"${head}${one === "A" ? "B" : "A"}`,
        ),
      ["evidence/signature-invalid", "evidence/timestamp-invalid", "evidence/log-entry-mismatch"],
    ],
    [
      "no timestamp",
      (text) => text.replace(/\{"signedTimestamp":"[^"]+"\}/, ""),
      ["evidence/timestamp-missing"],
    ],
  ];
  for (const [name, change, expected] of rows) {
    assert.deepEqual(failed(await explain(changed(change))), expected, name);
  }
});

test("under another's root nothing that depends on trust holds", async () => {
  const stranger = await makeScene();
  const explained = await explain(scene.question.bundles[0]!, stranger.authorities.trustedRoot);
  assert.deepEqual(failed(explained), [
    "evidence/certificate-untrusted",
    "evidence/timestamp-invalid",
    "evidence/log-untrusted",
  ]);
  assert.equal(explained.certificates.length, 1);
});

test("a proof that leads nowhere shows no root", async () => {
  const explained = await explain(changed((text) => text.replace(/"hashes":\["[^"]+",?/, '"hashes":[')));
  assert.equal(explained.inclusion?.computedRoot, undefined);
  assert.deepEqual(failed(explained), ["evidence/log-proof-invalid"]);
});

test("what is no bundle is a fault, and no explanation", async () => {
  await assert.rejects(explain(utf8("{}")), { code: "evidence/bundle" });
});
