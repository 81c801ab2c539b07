import assert from "node:assert/strict";
import { test } from "node:test";

import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { parseJson, utf8 } from "custody/ground";
import type { Bytes, Signer } from "custody/ground";

import { nextTufRoot, parseTufMetadata, signTufMetadata, tufKeyId, tufKeyOf } from "./index.ts";
import type { TufMetadata } from "./index.ts";
import { day, makeTufScene } from "./tuf.testing.ts";
import type { TufScene } from "./tuf.testing.ts";

const idOf = ({ publicKey }: Signer): string => tufKeyId(nodeCrypto, tufKeyOf(publicKey));

async function twoOfThree(): Promise<{ scene: TufScene; keys: readonly [Signer, Signer, Signer] }> {
  const scene = await makeTufScene();
  const [second, third] = [await generateSigner("ed25519"), await generateSigner("ecdsa-p256-sha256")];
  const keys = [scene.rootSigner, second, third] as const;
  const add = [second.publicKey, third.publicKey];
  const next = await scene.next({ add, threshold: 2 }, keys);
  await scene.repository.acceptRoot(next.bytes);
  return { scene, keys };
}

test("takes the next root when as many old and new keys signed as the roots say", async () => {
  const { scene, keys } = await twoOfThree();
  const [first, second, third] = keys;
  const replacement = await generateSigner("ed25519");
  const change = { add: [replacement.publicKey], remove: [idOf(first)] };
  const next = await scene.next(change, [second, third, replacement]);
  await scene.repository.acceptRoot(next.bytes);
  const { root } = await scene.repository.state();
  assert.equal(root.signed.version, 3);
  assert.deepEqual(new Set(root.signed.roles.root.keyids), new Set([second, third, replacement].map(idOf)));
  assert.equal(root.signed.keys[idOf(first)], undefined, "a key that is of no role is gone");
});

test("refuses a root that too few keys signed, of the old or of the new", async () => {
  const { scene, keys } = await twoOfThree();
  const [first, second, third] = keys;
  const stranger = await generateSigner("ed25519");
  const rows: readonly (readonly [object, readonly Signer[]])[] = [
    [{}, []],
    [{}, [first]],
    [{}, [first, stranger]],
    [{ threshold: 3 }, [first, second]],
    [{ add: [stranger.publicKey], remove: [idOf(first), idOf(second)] }, [first, second]],
    [{ threshold: 1 }, [third]],
  ];
  for (const [change, signers] of rows) {
    const next = await scene.next(change, signers);
    await assert.rejects(scene.repository.acceptRoot(next.bytes), { code: "tuf/threshold" });
  }
  await scene.repository.acceptRoot((await scene.next({}, [first, third])).bytes);
});

/** The same root with its parts changed and every signature made anew. */
async function bend(
  { signed }: TufMetadata<"root">,
  change: (signed: Record<string, unknown>) => void,
  signers: readonly Signer[],
): Promise<Bytes> {
  const copy = structuredClone(signed) as unknown as Record<string, unknown>;
  change(copy);
  return (await signTufMetadata(nodeCrypto, "root", copy as never, signers)).bytes;
}

test("one key under two ids counts once", async () => {
  const { scene, keys } = await twoOfThree();
  const [first] = keys;
  const next = await scene.next({}, keys);
  const twice = await bend(
    next,
    (signed) => {
      const all = signed["keys"] as Record<string, unknown>;
      const roles = signed["roles"] as { root: { keyids: string[] } };
      all["0".repeat(64)] = all[idOf(first)];
      roles.root.keyids.push("0".repeat(64));
    },
    [first],
  );
  const text = parseJson(twice) as unknown as { signatures: { keyid: string; sig: string }[] };
  text.signatures.push({ ...text.signatures[0]!, keyid: "0".repeat(64) });
  await assert.rejects(scene.repository.acceptRoot(utf8(JSON.stringify(text))), { code: "tuf/threshold" });
});

test("refuses a root of another version, or one that is past its end", async () => {
  const scene = await makeTufScene();
  const next = await scene.next({ days: 10 }, [scene.rootSigner]);
  const skipped = await bend(next, (signed) => Object.assign(signed, { version: 3 }), [scene.rootSigner]);
  await assert.rejects(scene.repository.acceptRoot(skipped), { code: "tuf/version" });
  const start = scene.clock.now();
  scene.clock.set(start + 11 * day);
  await assert.rejects(scene.repository.acceptRoot(next.bytes), { code: "tuf/expired" });
  scene.clock.set(start + 9 * day);
  await scene.repository.acceptRoot(next.bytes);
  await assert.rejects(scene.repository.acceptRoot(next.bytes), { code: "tuf/version" });
});

test("a change that no keys could sign is refused before anyone signs", async () => {
  const scene = await makeTufScene();
  const { root } = await scene.repository.state();
  const ports = { crypto: nodeCrypto, clock: scene.clock };
  const change = (members: object) => () => nextTufRoot(ports, root.signed, { days: 1, ...members });
  assert.equal(change({})().version, 2);
  assert.throws(change({ threshold: 2 }), { code: "tuf/malformed" });
  assert.throws(change({ threshold: 0 }), { code: "tuf/malformed" });
  assert.throws(change({ remove: ["0".repeat(64)] }), { code: "tuf/malformed", next: /trust show/ });
  assert.throws(change({ remove: root.signed.roles.root.keyids }), { code: "tuf/malformed" });
});

test("reads metadata strictly", async () => {
  const scene = await makeTufScene();
  const { root } = await scene.repository.state();
  const text = Buffer.from(root.bytes).toString();
  const read = (changed: string) => () => parseTufMetadata(utf8(changed), "root");
  const edit = (change: (root: Record<string, Record<string, unknown>>) => void): string => {
    const value = JSON.parse(text) as Record<string, Record<string, unknown>>;
    change(value);
    return JSON.stringify(value);
  };
  assert.equal(read(text)().signed.version, 1);
  const roles = (role: object) =>
    edit(({ signed }) => Object.assign(signed?.["roles"] ?? {}, { root: role }));
  const id = root.signed.roles.root.keyids[0] ?? "";
  const bad: readonly string[] = [
    "",
    "[]",
    text.replace('"signed"', '"signed": {}, "signed"'),
    edit(({ signed }) => Object.assign(signed ?? {}, { _type: "targets" })),
    edit(({ signed }) => Object.assign(signed ?? {}, { version: 0 })),
    edit(({ signed }) => Object.assign(signed ?? {}, { version: 1.5 })),
    edit(({ signed }) => Object.assign(signed ?? {}, { version: "1" })),
    edit(({ signed }) => Object.assign(signed ?? {}, { spec_version: "2.0.0" })),
    edit(({ signed }) => Object.assign(signed ?? {}, { expires: "tomorrow" })),
    edit(({ signed }) => Object.assign(signed ?? {}, { consistent_snapshot: false })),
    roles({ keyids: [id], threshold: 0 }),
    roles({ keyids: [id], threshold: 2 }),
    roles({ keyids: [id, id], threshold: 2 }),
    roles({ keyids: [], threshold: 1 }),
    edit((all) => Object.assign(all, { signatures: [], more: 1 })),
    edit((all) => {
      const signatures = all["signatures"] as unknown as object[];
      signatures.push(...signatures);
    }),
  ];
  for (const changed of bad) assert.throws(read(changed), /./, changed.slice(0, 200));
});
