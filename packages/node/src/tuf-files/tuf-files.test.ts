import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { utf8 } from "custody/ground";
import { testTufFiles } from "../../../custody/src/tuf/contract.ts";

import { openTufFiles } from "./index.ts";

const top = await mkdtemp(join(tmpdir(), "custody-tuf-files-"));
after(() => rm(top, { recursive: true, force: true }));

testTufFiles("in files", async () => openTufFiles(await mkdtemp(join(top, "repository-"))));

test("a name that no repository has leads nowhere", async () => {
  const files = openTufFiles(join(top, "repository"));
  await files.write("1.root.json", utf8("a root"));
  await writeFile(join(top, "secret"), "a secret");
  for (const name of ["../secret", "targets/../../secret", "/etc/passwd", "01.root.json", "root.json", ""]) {
    assert.equal(await files.read(name), undefined, name);
    await assert.rejects(files.write(name, utf8("x")), { code: "files/unavailable" }, name);
  }
});
