import assert from "node:assert/strict";
import { test } from "node:test";

import { parseInstant, utf8 } from "custody/ground";

import { parseForeignMetadata } from "./index.ts";
import { makeRepository } from "./client.testing.ts";
import type { Signed } from "./client.testing.ts";

const repository = await makeRepository();
const kinds = ["root", "timestamp", "snapshot", "targets"] as const;
type Kind = (typeof kinds)[number];
const textOf = (kind: Kind): string => {
  const name = kind === "timestamp" ? "timestamp.json" : `1.${kind}.json`;
  return Buffer.from(repository.files.get(name)!).toString();
};

interface Editable {
  signed: Signed;
  signatures: { keyid: string; sig: string }[];
}

function edit(kind: Kind, change: (metadata: Editable) => unknown): string {
  const metadata = JSON.parse(textOf(kind)) as Editable;
  change(metadata);
  return JSON.stringify(metadata);
}

function accepts(kind: Kind, text: string): ReturnType<typeof parseForeignMetadata<Kind>> {
  return parseForeignMetadata(utf8(text), kind);
}

function refuses(kind: Kind, text: string): void {
  assert.throws(() => accepts(kind, text), { code: "tuf/malformed" }, `${kind}: ${text.slice(0, 300)}`);
}

const set = (members: Signed) => (metadata: Editable) => Object.assign(metadata.signed, members);

test("reads each kind, and refuses it for another", () => {
  for (const kind of kinds) {
    assert.equal(accepts(kind, textOf(kind)).signed.version, 1);
    for (const other of kinds) if (other !== kind) refuses(other, textOf(kind));
  }
});

test("what every kind must say", () => {
  for (const kind of kinds) {
    for (const version of [0, -1, 1.5, "1", null, 2 ** 53]) refuses(kind, edit(kind, set({ version })));
    for (const spec of ["2.0.0", "0.9", "1", "1.0.31.1", "1.x", 1, null])
      refuses(kind, edit(kind, set({ spec_version: spec })));
    for (const expires of [
      "2026-01-01",
      "2026-02-30T00:00:00Z",
      "2026-01-01T00:00:00+00:00",
      "2026-01-01T00:00:00.5Z",
      5,
    ]) {
      refuses(kind, edit(kind, set({ expires })));
    }
    refuses(
      kind,
      edit(kind, ({ signed }) => delete signed["version"]),
    );
    const good = edit(kind, set({ version: 7, spec_version: "1.1", expires: "2030-02-28T01:02:03Z" }));
    assert.equal(accepts(kind, good).signed.expires, parseInstant("2030-02-28T01:02:03Z"));
  }
});

test("members that nobody knows are let be, and stay signed", () => {
  for (const kind of kinds) {
    const known = accepts(kind, textOf(kind));
    const text = edit(kind, (metadata) =>
      Object.assign(metadata, { more: 1 }, set({ "x-more": { deep: [1] } })(metadata)),
    );
    const { signedBytes } = accepts(kind, text);
    assert.notDeepEqual(signedBytes, known.signedBytes);
    assert.match(Buffer.from(signedBytes).toString(), /"x-more":\{"deep":\[1\]\}/);
  }
});

test("signatures may be empty or unreadable, but stand once for a key id", () => {
  const add = (...signatures: Editable["signatures"]) =>
    edit("root", (metadata) => metadata.signatures.push(...signatures));
  assert.equal(
    accepts("root", add({ keyid: "a", sig: "" }, { keyid: "b", sig: "no hex" })).signatures.length,
    3,
  );
  refuses("root", add({ keyid: "a", sig: "" }, { keyid: "a", sig: "" }));
  refuses(
    "root",
    edit("root", ({ signatures }) => signatures.push(...signatures)),
  );
  refuses("root", add({ keyid: "a", sig: 1 as never }));
});

test("files are described whole", () => {
  const meta = (file: unknown) => edit("timestamp", set({ meta: { "snapshot.json": file } }));
  for (const file of [{ version: 1 }, { version: 1, length: 1, hashes: { sha256: "00" } }])
    accepts("timestamp", meta(file));
  for (const file of [
    null,
    {},
    { version: 0 },
    { version: 1, length: 0 },
    { version: 1, length: 1e9 },
    { version: 1, hashes: {} },
  ]) {
    refuses("timestamp", meta(file));
  }
  refuses("timestamp", edit("timestamp", set({ meta: {} })));
  const target = (file: unknown) => edit("targets", set({ targets: { a: file } }));
  accepts("targets", target({ length: 0, hashes: { other: "00" }, custom: { any: "thing" } }));
  for (const file of [
    {},
    { length: 1 },
    { hashes: { sha256: "00" } },
    { length: -1, hashes: { sha256: "00" } },
    { length: 1, hashes: { sha256: "../00" } },
  ]) {
    refuses("targets", target(file));
  }
});

test("a root names each role's keys once", () => {
  const role = (members: Signed) =>
    edit("root", ({ signed }) => Object.assign((signed["roles"] as Signed)["snapshot"] as Signed, members));
  accepts("root", role({ threshold: 9, keyids: ["unknown"] }));
  accepts("root", role({ keyids: [] }));
  for (const members of [{ threshold: 0 }, { threshold: 1.5 }, { keyids: ["a", "a"] }, { keyids: "a" }])
    refuses("root", role(members));
  refuses(
    "root",
    edit("root", ({ signed }) => delete (signed["roles"] as Signed)["timestamp"]),
  );
  refuses(
    "root",
    edit("root", ({ signed }) => ((signed["keys"] as Signed)["a"] = { keytype: "ed25519" })),
  );
});

test("a text that two readers could understand differently is refused", () => {
  const text = textOf("targets");
  for (const changed of [
    text.replace('"version":1', '"version":1,"version":2'),
    text.replace('"version":1', '"version":1,"__proto__":{}'),
    text.replace('"version":1', '"version":1,"x":1.5'),
    `\ufeff${text}`,
    text.slice(0, -1),
    "[]",
    "null",
    "",
    `{"signatures":[],"signed":${"[".repeat(5000)}${"]".repeat(5000)}}`,
  ])
    refuses("targets", changed);
  assert.throws(() => parseForeignMetadata(new Uint8Array([0xff, 0xfe, 0x80]), "root"), {
    code: "tuf/malformed",
  });
});
