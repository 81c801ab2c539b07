import assert from "node:assert/strict";
import { test } from "node:test";

import { sha512 } from "@noble/hashes/sha2.js";
import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { toHex, utf8 } from "custody/ground";
import type { Bytes, Signer } from "custody/ground";

import { fetchTufTarget, findTufTarget, refreshTuf } from "./index.ts";
import { tufLimits } from "./limits.ts";
import { delegateTo, keysOf, makeRepository } from "./client.testing.ts";
import type { Signed, TestRepository } from "./client.testing.ts";

/** Roles below others: from whom, to whom, and what of it. */
type Edges = readonly (readonly [from: string, to: string, members?: Signed])[];

/** A repository of these delegations, each role with a key of its own. */
async function delegate(edges: Edges): Promise<{ repository: TestRepository; signers: Map<string, Signer> }> {
  const repository = await makeRepository();
  const signers = new Map<string, Signer>();
  for (const [, to] of edges) if (!signers.has(to)) signers.set(to, await generateSigner("ed25519"));
  for (const [name, signer] of signers) if (name !== "targets") repository.delegates.set(name, { signer });
  for (const [from, below] of Map.groupBy(edges, ([from]) => from)) {
    const roles = below.map(([, to, members]) =>
      delegateTo(to, signers.get(to)!, {
        ...(members?.["path_hash_prefixes"] ? {} : { paths: ["*"] }),
        ...members,
      }),
    );
    const delegations = { keys: keysOf(below.map(([, to]) => signers.get(to)!)), roles };
    Object.assign(from === "targets" ? repository.targets : repository.delegates.get(from)!, { delegations });
  }
  await repository.publish();
  return { repository, signers };
}

async function find({ ports }: TestRepository, path: string) {
  return findTufTarget(ports, await refreshTuf(ports), path);
}

async function read(repository: TestRepository, path: string): Promise<Bytes | undefined> {
  const view = await refreshTuf(repository.ports);
  const target = await findTufTarget(repository.ports, view, path);
  return target && fetchTufTarget(repository.ports, view, target);
}

/** The delegated roles that were asked for, in order. */
function asked({ requests }: TestRepository): readonly string[] {
  return requests
    .splice(0)
    .filter((name) => name.startsWith("1."))
    .map((name) => name.slice(2, -".json".length))
    .filter((name) => !["root", "snapshot", "targets"].includes(name));
}

test("a target comes as it was signed, with consistent snapshots under its hash", async () => {
  for (const isConsistent of [true, false]) {
    const repository = await makeRepository();
    repository.isConsistent = isConsistent;
    const content = utf8("content");
    repository.targets = { targets: { "a.txt": utf8("a"), "dir/sub/b.txt": content, empty: utf8("") } };
    await repository.publishRoot();
    await repository.publish();
    assert.deepEqual(await read(repository, "dir/sub/b.txt"), content);
    const hash = isConsistent ? `${toHex(nodeCrypto.sha256(content))}.` : "";
    assert.equal(repository.requests.at(-1), `targets/dir/sub/${hash}b.txt`);
    assert.deepEqual(await read(repository, "empty"), utf8(""));
    for (const other of ["b.txt", "A.txt", "constructor", "toString", "a.txt/"]) {
      assert.equal(await find(repository, other).catch(() => undefined), undefined, other);
    }
  }
});

test("a target that was exchanged, cut or is gone is refused", async () => {
  const repository = await makeRepository();
  const place = [...repository.files.keys()].find((name) => name.startsWith("targets/"))!;
  const good = repository.files.get(place)!;
  const rows: readonly (readonly [Bytes | undefined, string | undefined])[] = [
    [utf8("what b says"), "tuf/mismatch"],
    [good.slice(1), "tuf/mismatch"],
    [utf8("what a says!"), "tuf/limit"],
    [undefined, "tuf/missing"],
    [good, undefined],
  ];
  for (const [bytes, code] of rows) {
    if (bytes) repository.files.set(place, bytes);
    else repository.files.delete(place);
    if (code) await assert.rejects(read(repository, "a.txt"), { code });
    else assert.deepEqual(await read(repository, "a.txt"), good);
  }
});

test("every hash that is known must be right, and one must be known", async () => {
  const bytes = utf8("what a says");
  const [right, right512] = [toHex(nodeCrypto.sha256(bytes)), toHex(sha512(bytes))];
  const rows: readonly (readonly [Signed, boolean])[] = [
    [{ sha256: right }, true],
    [{ sha512: right512 }, true],
    [{ sha256: right, sha512: right512 }, true],
    [{ sha256: right, blake3: "00" }, true],
    [{ blake3: right }, false],
    [{ sha256: right, sha512: right }, false],
    [{ sha512: right512, sha256: right512 }, false],
    [{ sha256: right.slice(2) }, false],
  ];
  for (const [hashes, isGood] of rows) {
    const repository = await makeRepository();
    repository.bend = (role, signed) => {
      if (role === "targets") signed["targets"] = { "a.txt": { length: bytes.length, hashes } };
    };
    await repository.publish();
    for (const hash of Object.values(hashes)) repository.files.set(`targets/${String(hash)}.a.txt`, bytes);
    if (isGood) assert.deepEqual(await read(repository, "a.txt"), bytes);
    else await assert.rejects(read(repository, "a.txt"), { code: "tuf/mismatch" });
  }
});

test("paths that a URL would lead elsewhere are no targets", async () => {
  const repository = await makeRepository();
  const bad = ["", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "\ud800"];
  repository.targets = { targets: Object.fromEntries(bad.map((path) => [path, utf8("x")])) };
  repository.bend = (role, signed) => {
    if (role === "targets") delete (signed["targets"] as Signed)["\ud800"];
  };
  await repository.publish();
  for (const path of bad) await assert.rejects(find(repository, path), { code: "tuf/malformed" }, path);
  repository.targets = { targets: { "..a/%2e%2e/b?c#d e": utf8("x") } };
  await repository.publishNext();
  const target = await find(repository, "..a/%2e%2e/b?c#d e");
  assert.equal(target?.role, "targets");
  await assert.rejects(read(repository, "..a/%2e%2e/b?c#d e"), { code: "tuf/missing" });
  assert.match(repository.requests.at(-1) ?? "", /^targets\/\.\.a\/%252e%252e\/[0-9a-f]{64}\.b%3Fc%23d%20e$/);
});

test("a target longer than the client holds is not begun", async () => {
  const repository = await makeRepository();
  const hashes = { sha256: "00" };
  repository.bend = (role, signed) => {
    if (role === "targets") signed["targets"] = { big: { length: tufLimits.targetBytes + 1, hashes } };
  };
  await repository.publish();
  await assert.rejects(read(repository, "big"), { code: "tuf/limit" });
  assert.ok(!repository.requests.some((name) => name.startsWith("targets/")));
});

test("roles are asked in preorder, depth first, each once", async () => {
  const rows: readonly (readonly [edges: Edges, order: readonly string[]])[] = [
    [[["targets", "a"]], ["a"]],
    [
      [
        ["targets", "a"],
        ["a", "b"],
        ["b", "c"],
        ["targets", "d"],
      ],
      ["a", "b", "c", "d"],
    ],
    [
      [
        ["targets", "a"],
        ["targets", "b"],
        ["a", "c"],
        ["b", "d"],
      ],
      ["a", "c", "b", "d"],
    ],
    [
      [
        ["targets", "a"],
        ["a", "b"],
        ["b", "a"],
        ["a", "a"],
      ],
      ["a", "b"],
    ],
    [
      [
        ["targets", "a", { terminating: true }],
        ["a", "b"],
        ["targets", "c"],
      ],
      ["a", "b"],
    ],
    [
      [
        ["targets", "a"],
        ["a", "b", { terminating: true }],
        ["a", "c"],
        ["targets", "d"],
      ],
      ["a", "b"],
    ],
    [
      [
        ["targets", "a", { paths: ["no/*"] }],
        ["targets", "b"],
      ],
      ["b"],
    ],
    [
      [
        ["targets", "a", { paths: ["no"], terminating: true }],
        ["targets", "b"],
      ],
      ["b"],
    ],
    [[["targets", "a", { path_hash_prefixes: [""] }]], ["a"]],
    [[["targets", "ä/../b c"]], ["%C3%A4%2F..%2Fb%20c"]],
  ];
  for (const [edges, order] of rows) {
    const { repository } = await delegate(edges);
    assert.equal(await find(repository, "missing"), undefined);
    assert.deepEqual(asked(repository), order);
  }
});

test("whoever is asked first decides, and only about paths that it was given", async () => {
  const { repository } = await delegate([
    ["targets", "a", { paths: ["a/*"] }],
    ["targets", "b"],
    ["targets", "c", { paths: ["*", "a/*"] }],
  ]);
  for (const name of ["a", "b", "c"]) {
    repository.delegates.get(name)!.targets = { "a/1": utf8(`1 of ${name}`), x: utf8(`x of ${name}`) };
  }
  await repository.publishNext();
  assert.deepEqual(await read(repository, "a/1"), utf8("1 of a"));
  assert.deepEqual(await read(repository, "x"), utf8("x of b"));
  assert.equal((await find(repository, "x"))?.role, "b");
});

test("a role on the way that is not good ends the search", async () => {
  const rows: readonly (readonly [string, (repository: TestRepository) => unknown])[] = [
    ["tuf/missing", ({ files }) => files.delete("1.a.json")],
    ["tuf/mismatch", ({ files }) => files.set("1.a.json", files.get("1.a.json")!.toReversed())],
    [
      "tuf/missing",
      async (repository) => {
        repository.bend = (role, signed) => {
          if (role === "snapshot") delete (signed["meta"] as Signed)["a.json"];
        };
        await repository.publish();
      },
    ],
    [
      "tuf/threshold",
      async (repository) => {
        repository.delegates.get("a")!.signer = await generateSigner("ed25519");
        await repository.publish();
      },
    ],
    [
      "tuf/expired",
      async (repository) => {
        repository.bend = (role, signed) =>
          Object.assign(signed, role === "a" ? { expires: "2020-01-01T00:00:00Z" } : {});
        await repository.publish();
      },
    ],
  ];
  for (const [code, spoil] of rows) {
    const { repository } = await delegate([
      ["targets", "a"],
      ["targets", "b"],
    ]);
    repository.delegates.get("b")!.targets = { x: utf8("x") };
    await repository.publish();
    await spoil(repository);
    await assert.rejects(find(repository, "x"), { code });
  }
  const { repository } = await delegate([
    ["targets", "a"],
    ["targets", "b"],
  ]);
  repository.delegates.get("b")!.targets = { x: utf8("x") };
  await repository.publish();
  assert.deepEqual(await read(repository, "x"), utf8("x"));
});

test("a role in the store counts only as the delegator at hand would have it signed", async () => {
  const { repository, signers } = await delegate([
    ["targets", "a", { paths: ["a"] }],
    ["targets", "b", { paths: ["b"] }],
    ["a", "shared"],
    ["b", "shared"],
  ]);
  repository.delegates.get("shared")!.targets = { a: utf8("x"), b: utf8("x") };
  const stranger = await generateSigner("ed25519");
  const others = { keys: keysOf([stranger]), roles: [delegateTo("shared", stranger)] };
  repository.delegates.get("b")!.delegations = others;
  await repository.publishNext();
  const view = await refreshTuf(repository.ports);
  assert.equal((await findTufTarget(repository.ports, view, "a"))?.role, "shared");
  await assert.rejects(findTufTarget(repository.ports, view, "b"), { code: "tuf/threshold" });
  const shared = signers.get("shared")!;
  repository.delegates.get("b")!.delegations = {
    keys: keysOf([shared]),
    roles: [delegateTo("shared", shared)],
  };
  await repository.publishNext();
  assert.equal((await find(repository, "b"))?.role, "shared");
});

test("hash bins are found by the hash of the path", async () => {
  const repository = await makeRepository();
  const signer = await generateSigner("ed25519");
  const [keyid] = Object.keys(keysOf([signer]));
  const bins = { keyids: [keyid], threshold: 1, bit_length: 1, name_prefix: "bin" };
  repository.targets = { delegations: { keys: keysOf([signer]), succinct_roles: bins } };
  for (const bin of ["0", "1"]) {
    repository.delegates.set(`bin-${bin}`, { signer, targets: { "file1.txt": utf8(bin), a: utf8(bin) } });
  }
  await repository.publishNext();
  assert.equal((await find(repository, "file1.txt"))?.role, "bin-0");
  assert.equal((await find(repository, "a"))?.role, "bin-1");
});

test("a search ends after 32 delegations, and says that it did", async () => {
  const chain = (length: number): Edges =>
    Array.from({ length }, (_, i) => [i === 0 ? "targets" : `r${i - 1}`, `r${i}`] as const);
  for (const [length, isFound] of [
    [tufLimits.delegations, true],
    [tufLimits.delegations + 1, false],
  ] as const) {
    const { repository } = await delegate(chain(length));
    repository.delegates.get(`r${length - 1}`)!.targets = { x: utf8("x") };
    await repository.publishNext();
    if (isFound) assert.equal((await find(repository, "x"))?.role, `r${length - 1}`);
    else await assert.rejects(find(repository, "x"), { code: "tuf/limit" });
  }
});
