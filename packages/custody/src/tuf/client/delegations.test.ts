import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import * as v from "valibot";

import { delegationsShape, rolesFor } from "./delegations.ts";

const base = { keyids: ["k"], threshold: 1, terminating: false };
const role = (name: string, members: object): object => ({ ...base, name, ...members });
const parse = (members: object) => v.parse(delegationsShape, { keys: {}, ...members });

function check(members: object, path: string, expected: readonly string[]): void {
  assert.deepEqual(
    rolesFor(nodeCrypto, parse(members), path).map(({ name }) => name),
    expected,
  );
}

test("roles are asked in order, up to the first that is terminating for the path", () => {
  const roles = [
    role("a", { paths: ["x/*"] }),
    role("b", { paths: ["y", "x/?"], terminating: true }),
    role("c", { paths: ["*", "x/*"] }),
  ];
  check({ roles }, "x/1", ["a", "b"]);
  check({ roles }, "x/11", ["a", "c"]);
  check({ roles }, "y", ["b"]);
  check({ roles }, "z", ["c"]);
  check({ roles: [] }, "z", []);
});

test("a prefix of the path's hash delegates too", () => {
  // sha256("file1.txt") begins with 55.
  const roles = [
    role("first", { path_hash_prefixes: ["0", "54"] }),
    role("second", { path_hash_prefixes: ["54", "55"] }),
    role("all", { path_hash_prefixes: [""] }),
    role("none", { path_hash_prefixes: [] }),
  ];
  check({ roles }, "file1.txt", ["second", "all"]);
});

test("hash bins have as many digits as the last one needs", () => {
  const bins = (bits: number) => ({ succinct_roles: { ...base, bit_length: bits, name_prefix: "bin" } });
  // The first 32 bits of sha256("file1.txt") are 55ae75d9.
  check(bins(1), "file1.txt", ["bin-0"]);
  check(bins(4), "file1.txt", ["bin-5"]);
  check(bins(5), "file1.txt", ["bin-0a"]);
  check(bins(16), "file1.txt", ["bin-55ae"]);
  check(bins(32), "file1.txt", ["bin-55ae75d9"]);
});

test("delegations are read strictly", () => {
  const good = role("a", { paths: ["*"] });
  assert.equal(parse({ roles: [good] }).roles?.length, 1);
  const bad: readonly object[] = [
    {},
    { roles: [good], succinct_roles: { ...base, bit_length: 1, name_prefix: "b" } },
    { roles: [good, good] },
    { roles: [role("a", {})] },
    { roles: [role("a", { paths: ["*"], path_hash_prefixes: ["0"] })] },
    { roles: [role("a", { path_hash_prefixes: ["G"] })] },
    { roles: [role("", { paths: ["*"] })] },
    { roles: [role("a\ud800", { paths: ["*"] })] },
    { roles: [role("a", { paths: ["*"], threshold: 0 })] },
    { roles: [role("a", { paths: ["*"], keyids: ["k", "k"] })] },
    { roles: [role("a", { paths: ["*"], terminating: 1 })] },
    ...["root", "timestamp", "snapshot", "targets", "Root", "TARGETS"].map((name) => ({
      roles: [role(name, { paths: ["*"] })],
    })),
    ...[0, 33, 1.5].map((bits) => ({ succinct_roles: { ...base, bit_length: bits, name_prefix: "b" } })),
  ];
  for (const members of bad) assert.throws(() => parse(members), v.ValiError, JSON.stringify(members));
});
