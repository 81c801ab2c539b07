import assert from "node:assert/strict";
import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { findRequirements } from "@custody/node/host";
import { findFaultCode, parseJson, parseUtf8 } from "custody/ground";
import { readTar } from "custody/tar";

import { parseSources, readAptSources } from "./apt-sources.ts";
import type { InstalledPackage } from "./package-list.ts";
import { findPinDifferences, parsePackageList } from "./package-list.ts";
import { recipeDigest } from "./recipe.ts";
import { formatPackageUrl, formatSpdx } from "./spdx.ts";
import type { Stemcell } from "./stemcell.ts";
import { StemcellStore } from "./stemcell-store.ts";

let top: string;
before(async () => {
  top = await mkdtemp(join(tmpdir(), "custody-stemcells-"));
});
after(() => rm(top, { recursive: true, force: true }));

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return "done";
  } catch (error) {
    return findFaultCode(error);
  }
}

const deb822 = `# a comment
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: https://vendor.example
Suites: bookworm
Components: main
Signed-By: /usr/share/keyrings/vendor.gpg
`;

test("reads apt's sources in both formats", () => {
  assert.equal(parseSources("a.sources", deb822)[0]?.["suites"], "bookworm bookworm-updates");
  assert.deepEqual(
    parseSources("a.list", "deb [signed-by=/k.gpg] http://m.example/debian bookworm main # note"),
    [
      {
        types: "deb",
        uris: "http://m.example/debian",
        suites: "bookworm",
        components: "main",
        "signed-by": "/k.gpg",
      },
    ],
  );
  assert.deepEqual(
    parseSources("a.list", "# deb http://m.example/debian bookworm main\ndeb-src x y z\ndeb"),
    [],
  );
  assert.deepEqual(parseSources("a.list.disabled", deb822), []);
});

test("chooses Debian's own sources of the suite, and nobody else's", async () => {
  const directory = join(top, "apt");
  await mkdir(join(directory, "sources.list.d"), { recursive: true });
  await writeFile(join(directory, "sources.list.d/all.sources"), deb822);
  assert.equal(
    await readAptSources("bookworm", directory),
    "types: deb\nuris: http://mirror.example/debian\nsuites: bookworm bookworm-updates\ncomponents: main\n" +
      "signed-by: /usr/share/keyrings/debian-archive-keyring.gpg\n",
  );
  assert.equal(await codeOf(readAptSources("trixie", directory)), "stemcell/no-source");
});

const tools: InstalledPackage = {
  name: "g++-12",
  version: "12:1.0+deb12~1",
  architecture: "amd64",
  source: "gcc-12",
  sha256: "a".repeat(64),
};

test("joins what dpkg says with the digests of the archive's index", () => {
  const index = `Package: g++-12\nVersion: 12:1.0+deb12~1\nArchitecture: amd64\nSHA256: ${"a".repeat(64)}\n`;
  const dpkg = "g++-12\t12:1.0+deb12~1\tamd64\tgcc-12\n";
  assert.deepEqual(parsePackageList(dpkg, `${index}\n${index.replace("12:1.0", "12:0.9")}`), [tools]);
  assert.throws(() => parsePackageList(dpkg, ""), /no package g\+\+-12/);
});

test("names what a pin asked for and did not get", () => {
  assert.deepEqual(findPinDifferences([tools], [tools]), []);
  assert.deepEqual(findPinDifferences([tools], [{ ...tools, version: "13" }]), [
    "g++-12:amd64=12:1.0+deb12~1",
    "g++-12:amd64=13 instead",
  ]);
});

test("a recipe is the same whatever the order of its packages, and another with a pin", () => {
  const digest = recipeDigest({ suite: "bookworm", packages: ["a1", "b1"] }, "amd64");
  assert.equal(recipeDigest({ suite: "bookworm", packages: ["b1", "a1", "a1"] }, "amd64"), digest);
  assert.notEqual(recipeDigest({ suite: "bookworm", packages: ["a1", "b1"], pin: [tools] }, "amd64"), digest);
  assert.notEqual(recipeDigest({ suite: "bookworm", packages: ["a1", "b1"] }, "arm64"), digest);
});

test("refuses packages and suites that are none", async () => {
  const store = await StemcellStore.open(join(top, "refuses"));
  for (const recipe of [
    { suite: "bookworm", packages: ["gcc;reboot"] },
    { suite: "bookworm", packages: ["--help"] },
    { suite: "../bookworm", packages: [] },
  ]) {
    assert.equal(await codeOf(store.build(recipe)), "stemcell/recipe");
  }
});

test("writes package URLs with what they have to escape", () => {
  assert.equal(
    formatPackageUrl(tools, "bookworm"),
    "pkg:deb/debian/g%2B%2B-12@12:1.0%2Bdeb12~1?arch=amd64&distro=bookworm",
  );
});

test("writes one SBOM for one stemcell", () => {
  const digest = `sha256:${"b".repeat(64)}` as Stemcell["digest"];
  const sbom = formatSpdx({ suite: "bookworm", digest, packages: [tools] });
  assert.deepEqual(formatSpdx({ suite: "bookworm", digest, packages: [tools] }), sbom);
  const text = parseUtf8(sbom);
  for (const part of [
    '"SPDX-2.3"',
    "SPDXRef-Package-g-43--43--12-amd64",
    '"2020-01-01T00:00:00Z"',
    "a".repeat(64),
  ]) {
    assert.ok(text.includes(part), part);
  }
});

async function findReason(): Promise<string | false> {
  const { root, tools } = await findRequirements();
  const missing = tools.filter((tool) => tool.version === undefined).map((tool) => tool.name);
  if (!root) return "needs root";
  return missing.length > 0 ? `needs ${missing.join(", ")}` : false;
}

const skip = await findReason();
const recipe = { suite: "bookworm", packages: [] };

test(
  "builds a stemcell twice to the same bytes, from its pin too, and tells how far it is",
  { skip },
  async () => {
    const messages: string[] = [];
    const first = await StemcellStore.open(join(top, "one"));
    const [a, again] = await Promise.all([
      first.build(recipe, ({ message }) => messages.push(message)),
      first.build(recipe),
    ]);
    assert.equal(again, a);
    assert.ok(messages.length >= 4, messages.join("; "));
    const second = await StemcellStore.open(join(top, "two"));
    const b = await second.build({ ...recipe, pin: a.packages });
    assert.equal(b.digest, a.digest);
    assert.deepEqual(b.packages, a.packages);
    assert.notEqual(b.recipeDigest, a.recipeDigest);
    assert.deepEqual(await readdir(join(top, "one")), [a.recipeDigest.slice(7)]);
    await checkContent(a);
    await checkDamage(a);
  },
);

async function checkContent(stemcell: Stemcell): Promise<void> {
  const kinds = new Map<string, string>();
  for await (const entry of readTar(stemcell.open())) kinds.set(entry.path, entry.kind);
  for (const path of ["work", "source", "inputs", "dev", "proc", "tmp"])
    assert.equal(kinds.get(path), "directory");
  for (const path of [
    "etc/machine-id",
    "etc/resolv.conf",
    "etc/apt/sources.list",
    "dev/null",
    "var/log/dpkg.log",
  ]) {
    assert.equal(kinds.has(path), false, path);
  }
  assert.ok(stemcell.packages.some(({ name }) => name === "perl-base"));
  assert.ok(stemcell.releases.some(({ suite }) => suite === "bookworm"));
  assert.ok(Object.hasOwn(parseJson(stemcell.sbom) as object, "packages"));
}

async function checkDamage(stemcell: Stemcell): Promise<void> {
  await appendFile(stemcell.path, "x");
  const store = await StemcellStore.open(join(top, "one"));
  assert.equal((await store.build(recipe)).digest, stemcell.digest);
}

test("says which packages of a pin the archive no longer gives", { skip }, async () => {
  const store = await StemcellStore.open(join(top, "pinned"));
  const pin = [{ name: "bash", version: "0.1-never", architecture: "amd64" }];
  assert.equal(await codeOf(store.build({ ...recipe, pin })), "stemcell/pin-unavailable");
  assert.deepEqual(await readdir(join(top, "pinned")), []);
});

test("says which package there is none of", { skip }, async () => {
  const store = await StemcellStore.open(join(top, "unknown"));
  const work = store.build({ ...recipe, packages: ["custody-no-such-package"] });
  await assert.rejects(work, /custody-no-such-package/);
});

test("a build that is broken off is a fault, and leaves nothing", { skip }, async () => {
  const directory = join(top, "broken-off");
  const store = await StemcellStore.open(directory);
  const told: string[] = [];
  const building = codeOf(
    store.build({ suite: "bookworm", packages: [] }, ({ message }) => {
      told.push(message);
      store.close();
    }),
  );
  assert.equal(await building, "stemcell/closed");
  assert.deepEqual(told, ["running apt-get update"], "one line for people, and none of the tool's own");
  assert.deepEqual(await readdir(directory), []);
});
