import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { instantOf } from "custody/ground";
import type { Verdict } from "custody/ground";
import { findVectors } from "custody/ground/vectors.testing";
import { parsePublicKeyPem, verifyLayout } from "custody/in-toto";
import type { VerifiedSupplyChain } from "custody/in-toto";

import { nodeCrypto } from "../crypto/index.ts";
import { findTestTools } from "../host/index.ts";
import { openInspector, openLinkFolder } from "./index.ts";
import type { InspectionPlace } from "./index.ts";

const top = mkdtempSync(join(tmpdir(), "custody-in-toto-test-"));
after(() => rmSync(top, { recursive: true }));
const vectors = findVectors("in-toto-golang");
const withVectors = { skip: vectors === undefined && "needs shared/vectors/in-toto-golang" };
const bwrap = (await findTestTools()).find(({ name }) => name === "bwrap");
const sandbox = {
  skip: bwrap?.version === undefined && "needs bubblewrap: npm test installs it when it is root",
};
// Every certificate and layout of the vectors is alive.
const at = instantOf(Date.UTC(2026, 0, 1));

/** A copy of the vectors that a test may change. */
function copyVectors(name: string): string {
  const folder = join(top, name);
  cpSync(vectors ?? "", folder, { recursive: true });
  return folder;
}

async function verify(
  folder: string,
  layout: string,
  { key = "alice.pub", place = "host" }: { readonly key?: string; readonly place?: InspectionPlace } = {},
): Promise<Verdict<VerifiedSupplyChain>> {
  await using inspector = await openInspector({ directory: folder, place, timeoutSeconds: 30 });
  return await verifyLayout(nodeCrypto, {
    layout: readFileSync(join(folder, layout)),
    keys: [parsePublicKeyPem(readFileSync(join(folder, key), "utf8"))],
    links: openLinkFolder(folder),
    at,
    inspector,
  });
}

function textOf(verdict: Verdict<unknown>): string {
  return verdict.kind === "allowed" ? "allowed" : `${verdict.kind} ${verdict.reasons[0].code}`;
}

test(
  "the demo of in-toto verifies, its inspection in the sandbox and on the host, and leaves nothing behind",
  { skip: withVectors.skip || sandbox.skip },
  async () => {
    const folder = copyVectors("demo");
    const before = readdirSync(folder);
    for (const layout of ["demo.layout", "demo.dsse.layout"]) {
      assert.equal(textOf(await verify(folder, layout)), "allowed", layout);
      assert.equal(textOf(await verify(folder, layout, { place: "sandbox" })), "allowed", layout);
    }
    assert.deepEqual(readdirSync(folder), before);
  },
);

test("links as DSSE envelopes count as metablocks do", withVectors, async () => {
  assert.equal(textOf(await verify(copyVectors("dsse"), "dsse-only.root.layout")), "allowed");
});

test(
  "a layout of somebody else, a changed link, and a final product that is another are refused",
  withVectors,
  async () => {
    const folder = copyVectors("bad");
    const file = (name: string): string => join(folder, name);
    assert.equal(
      textOf(await verify(folder, "demo.layout", { key: "frank.pub" })),
      "refused in-toto/layout-unsigned",
    );
    assert.equal(textOf(await verify(folder, "super.layout")), "refused in-toto/layout-unsigned");
    const link = readFileSync(file("package.d3ffd108.link"), "utf8");
    writeFileSync(file("package.d3ffd108.link"), link.replace("74dc3727", "74dc3728"));
    assert.equal(textOf(await verify(folder, "demo.layout")), "refused in-toto/link-untrusted");
    writeFileSync(file("package.d3ffd108.link"), link);
    writeFileSync(file("foo.tar.gz"), "another");
    assert.match(textOf(await verify(folder, "demo.layout")), /^refused in-toto\/(?:inspection|artifact)/);
  },
);

/** How a command ends as an inspection in an empty directory. */
async function inspect(place: InspectionPlace, script: string, timeoutSeconds = 10): Promise<number> {
  const directory = join(top, "empty");
  mkdirSync(directory, { recursive: true });
  await using inspector = await openInspector({ directory, place, timeoutSeconds });
  return (await inspector.inspect("x", ["sh", "-c", script])).exitCode;
}

test(
  "an inspection in the sandbox has no network, no home, no environment, and changes nothing outside",
  sandbox,
  async () => {
    process.env["CUSTODY_TEST_SECRET"] = "s";
    const outside = join(top, "outside");
    writeFileSync(outside, "");
    const attempts = {
      network: "test $(grep -c : /proc/net/dev) -gt 1",
      environment: 'test -n "$CUSTODY_TEST_SECRET"',
      write: `echo x > ${outside}`,
      processes:
        "test -e /proc/" +
        String(process.pid) +
        "/cmdline && grep -q node /proc/" +
        String(process.pid) +
        "/cmdline",
    };
    for (const [name, script] of Object.entries(attempts)) {
      assert.notEqual(await inspect("sandbox", script), 0, name);
    }
    for (const name of ["environment", "write", "processes"] as const) {
      assert.equal(await inspect("host", attempts[name]), 0, `${name}, on the host`);
    }
  },
);

test("an inspection that does not end is ended, and one whose program is missing could not be decided", async () => {
  assert.equal(await inspect("host", "sleep 60", 0.2), 137);
  await using inspector = await openInspector({ directory: top, place: "host", timeoutSeconds: 1 });
  await assert.rejects(inspector.inspect("x", ["no-such-program-anywhere"]), {
    code: "in-toto/no-inspector",
  });
});

test("only links of the step are found, and no name leads out of the folder", async () => {
  const folder = join(top, "links");
  mkdirSync(folder);
  for (const name of ["a.00000000.link", "a.b.00000000.link", "ab.00000000.link", "a.00000000.txt", "a.link"])
    writeFileSync(join(folder, name), name);
  const found = await openLinkFolder(folder).findLinks("a");
  assert.deepEqual(
    found.map(({ content }) => Buffer.from(content).toString()),
    ["a.00000000.link"],
  );
  assert.deepEqual(await openLinkFolder(join(folder, "none")).findLinks("a"), []);
  assert.throws(() => openLinkFolder(folder).below("a", "../.."), { code: "in-toto/links" });
  assert.ok(existsSync(folder));
});
