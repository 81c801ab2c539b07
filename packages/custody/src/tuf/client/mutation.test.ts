import assert from "node:assert/strict";
import { test } from "node:test";

import { generateSigner } from "@custody/node/crypto";
import { CustodyError, equalBytes, utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import {
  array,
  assert as assertProperty,
  asyncProperty,
  constant,
  constantFrom,
  double,
  integer,
  json,
  jsonValue,
  nat,
  oneof,
  property,
  record,
  string,
  tuple,
  uint8Array,
} from "fast-check";

import {
  beginTuf,
  fetchTufTarget,
  findTufTarget,
  memoryTufRemote,
  memoryTufTrustStore,
  parseForeignMetadata,
  refreshTuf,
} from "./index.ts";
import { delegateTo, keysOf, makeRepository } from "./client.testing.ts";
import type { TestRepository } from "./client.testing.ts";

const path = "deep/file";
const content = utf8("what is vouched for");
const seed = 20_261;

/** Two roots, the roles, and one delegation. */
async function makeScene(): Promise<{ repository: TestRepository; first: Bytes }> {
  const repository = await makeRepository();
  const signer = await generateSigner("ecdsa-p256-sha256");
  repository.targets = {
    delegations: { keys: keysOf([signer]), roles: [delegateTo("deep", signer, { paths: ["deep/*"] })] },
  };
  repository.delegates.set("deep", { signer, targets: { [path]: content } });
  await repository.publishRoot();
  await repository.publish();
  return { repository, first: repository.files.get("1.root.json")! };
}

/** What a new client gets of these files; undefined when it refuses. Only refusals may be thrown. */
async function ask(
  { repository: { ports }, first }: Awaited<ReturnType<typeof makeScene>>,
  files: ReadonlyMap<string, Bytes>,
) {
  const own = { ...ports, store: memoryTufTrustStore(), remote: memoryTufRemote(files) };
  try {
    await beginTuf(own, first);
    const view = await refreshTuf(own);
    const target = await findTufTarget(own, view, path);
    return target && (await fetchTufTarget(own, view, target));
  } catch (error) {
    assert.ok(error instanceof CustodyError && error.code.startsWith("tuf/"), String(error));
    return undefined;
  }
}

const scene = await makeScene();
const names = [...scene.repository.files.keys()].filter(
  (name) => name !== "1.root.json" && !name.includes("a.txt"),
);

/** Whether the change is one of spelling only: what is signed, and by whom, is the same. */
function isSameMetadata(name: string, one: Bytes, other: Bytes): boolean {
  const kind =
    (["root", "snapshot", "timestamp"] as const).find((each) => name.endsWith(`${each}.json`)) ?? "targets";
  try {
    return equalBytes(
      parseForeignMetadata(one, kind).signedBytes,
      parseForeignMetadata(other, kind).signedBytes,
    );
  } catch {
    return false;
  }
}

test("what is as it was published is taken", async () => {
  assert.deepEqual(await ask(scene, scene.repository.files), content);
});

test("a flipped bit in any file is refused, unless what is signed stays what it was", async () => {
  for (const name of names) {
    const good = scene.repository.files.get(name)!;
    for (let at = 0; at < good.length; at += 7) {
      const bytes = good.slice();
      bytes[at]! ^= 1 << (at % 8);
      const got = await ask(scene, new Map([...scene.repository.files, [name, bytes]]));
      if (got === undefined) continue;
      assert.deepEqual(got, content);
      assert.ok(isSameMetadata(name, good, bytes), `${name} with byte ${at} flipped`);
    }
  }
});

test("whatever is done to the files, a client refuses or has the very target", async () => {
  const change = oneof(
    record({ kind: constant("cut" as const), at: nat(4000), length: nat(200) }),
    record({
      kind: constant("write" as const),
      at: nat(4000),
      bytes: uint8Array({ maxLength: 8 }),
    }),
    record({ kind: constant("other" as const), name: constantFrom(...names) }),
    record({ kind: constant("gone" as const) }),
    record({ kind: constant("json" as const), value: json() }),
  );
  const changes = array(tuple(constantFrom(...names), change), { minLength: 1, maxLength: 3 });
  await assertProperty(
    asyncProperty(changes, async (all) => {
      const files = new Map(scene.repository.files);
      for (const [name, one] of all) applyChange(files, name, one);
      const got = await ask(scene, files);
      assert.ok(got === undefined || equalBytes(got, content));
    }),
    { seed, numRuns: 400 },
  );
});

type Change =
  | { readonly kind: "cut"; readonly at: number; readonly length: number }
  | { readonly kind: "write"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "other"; readonly name: string }
  | { readonly kind: "gone" }
  | { readonly kind: "json"; readonly value: string };

function applyChange(files: Map<string, Bytes>, name: string, change: Change): void {
  const old = files.get(name) ?? utf8("");
  switch (change.kind) {
    case "cut":
      files.set(name, new Uint8Array([...old.slice(0, change.at), ...old.slice(change.at + change.length)]));
      return;
    case "write":
      files.set(
        name,
        new Uint8Array([
          ...old.slice(0, change.at),
          ...change.bytes,
          ...old.slice(change.at + change.bytes.length),
        ]),
      );
      return;
    case "other":
      files.set(name, scene.repository.files.get(change.name) ?? utf8(""));
      return;
    case "gone":
      files.delete(name);
      return;
    case "json":
      files.set(name, utf8(change.value));
      return;
    default:
      change satisfies never;
  }
}

test("no text makes the reader do anything but read or refuse", () => {
  const kinds = ["root", "timestamp", "snapshot", "targets"] as const;
  const shaped = record(
    {
      _type: constantFrom(...kinds),
      spec_version: constantFrom("1.0.31", "2.0"),
      version: oneof(integer(), double(), string()),
      expires: constantFrom("2030-01-01T00:00:00Z", "never"),
      meta: jsonValue(),
      keys: jsonValue(),
      roles: jsonValue(),
      targets: jsonValue(),
      delegations: jsonValue(),
    },
    { requiredKeys: ["_type"] },
  );
  const text = oneof(
    string(),
    json(),
    shaped.map((signed) => JSON.stringify({ signed, signatures: [] })),
  );
  assertProperty(
    property(text, constantFrom(...kinds), (source, kind) => {
      try {
        parseForeignMetadata(utf8(source), kind);
      } catch (error) {
        assert.ok(error instanceof CustodyError && error.code === "tuf/malformed", String(error));
      }
    }),
    { seed, numRuns: 2000 },
  );
});
