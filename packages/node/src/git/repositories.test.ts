import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { parseObjectId } from "custody/git";
import type { CustodyError } from "custody/ground";
import { makeTestRepository } from "custody/git/git.testing";

import { openRepositories, parseRemoteUrl } from "./index.ts";

const directory = await mkdtemp(join(tmpdir(), "custody-repositories-"));
after(() => rm(directory, { recursive: true, force: true }));

async function bundleOf(path: string, ...args: string[]): Promise<string> {
  const file = join(directory, `${Math.random()}.bundle`);
  const { runGit } = await import("./index.ts");
  await runGit(["-C", path, "bundle", "create", "--quiet", file, ...args]);
  return file;
}

test("takes in a bundle and reads its objects, checked against their ids", async () => {
  using remote = makeTestRepository();
  const id = parseObjectId(remote.commit("a.txt", "hello"));
  const repositories = await openRepositories(join(directory, "a"));
  const received = await repositories.receiveBundle("team/hello", await bundleOf(remote.directory, "main"));
  assert.deepEqual(received, { commit: id, ref: "refs/heads/main" });
  assert.deepEqual(await repositories.readObject("team/hello", id, "commit"), remote.object("commit", id));
  const blob = parseObjectId(remote.git("rev-parse", "HEAD:a.txt"));
  const [first, second] = await Promise.all([
    repositories.readObject("team/hello", blob, "blob"),
    repositories.readObject("team/hello", id, "commit"),
  ]);
  assert.equal(Buffer.from(first).toString(), "hello");
  assert.deepEqual(second, remote.object("commit", id));
});

test("keeps earlier commits when later ones come in", async () => {
  using remote = makeTestRepository();
  const repositories = await openRepositories(join(directory, "b"));
  const first = parseObjectId(remote.commit("a.txt", "1"));
  await repositories.receiveBundle("hello", await bundleOf(remote.directory, "main"));
  remote.git("checkout", "-q", "--orphan", "other");
  const second = parseObjectId(remote.commit("b.txt", "2"));
  await repositories.receiveBundle("hello", await bundleOf(remote.directory, "other"));
  for (const id of [first, second]) {
    assert.deepEqual(await repositories.readObject("hello", id, "commit"), remote.object("commit", id));
  }
});

test("says what is missing or of another kind", async () => {
  using remote = makeTestRepository();
  const id = parseObjectId(remote.commit("a.txt", "hello"));
  const repositories = await openRepositories(join(directory, "c"));
  await repositories.receiveBundle("hello", await bundleOf(remote.directory, "main"));
  await assert.rejects(repositories.readObject("hello", parseObjectId("0".repeat(40)), "commit"), {
    code: "git/missing",
  });
  await assert.rejects(repositories.readObject("hello", id, "tree"), { code: "git/missing" });
  assert.deepEqual(await repositories.readObject("hello", id, "commit"), remote.object("commit", id));
  await assert.rejects(repositories.readObject("nothing", id, "commit"), { code: "git/unreadable" });
});

test("refuses bundles that are not bundles, and of several references", async () => {
  using remote = makeTestRepository();
  remote.commit("a.txt", "hello");
  remote.git("branch", "second");
  const repositories = await openRepositories(join(directory, "d"));
  const file = join(directory, "junk.bundle");
  await writeFile(file, "junk");
  await assert.rejects(repositories.receiveBundle("hello", file), (error: CustodyError) => {
    assert.equal(error.code, "git/bundle");
    assert.ok(!error.message.includes(file), "the sender is not told where things lie");
    return true;
  });
  const two = await bundleOf(remote.directory, "main", "second");
  await assert.rejects(repositories.receiveBundle("hello", two), { code: "git/bundle" });
});

test("keeps every repository in a folder of its own, whatever it is called", async () => {
  using remote = makeTestRepository();
  remote.commit("a.txt", "hello");
  const repositories = await openRepositories(join(directory, "f"));
  const file = await bundleOf(remote.directory, "main");
  for (const name of ["a/../../escaped", "../escaped", "a//b", ".git", "A", "", "a".repeat(201)]) {
    await assert.rejects(repositories.receiveBundle(name, file), { code: "git/name" }, name);
  }
  for (const name of ["a", "a.git/objects", "a/b"]) await repositories.receiveBundle(name, file);
  assert.deepEqual((await readdir(join(directory, "f"))).sort(), ["a+b.git", "a.git", "a.git+objects.git"]);
});

test("fetches from nowhere but network URLs without passwords", async () => {
  const repositories = await openRepositories(join(directory, "e"));
  const touched = join(directory, "touched");
  for (const url of [
    "/etc",
    "file:///etc",
    `ext::sh -c touch% ${touched}`,
    "https://u:p@host/x",
    "-oProxyCommand=x",
  ]) {
    assert.throws(() => parseRemoteUrl(url), { code: "git/url" }, url);
    await assert.rejects(repositories.fetch("hello", url, "HEAD"), { code: "git/url" });
  }
  assert.equal(existsSync(touched), false);
});

test("gives each of many bundles that come at once its own commit", async () => {
  using remote = makeTestRepository();
  const repositories = await openRepositories(join(directory, "g"));
  const sent: { readonly id: string; readonly file: string }[] = [];
  for (let i = 0; i < 6; i++) {
    const id = remote.commit("a.txt", `version ${i}`);
    sent.push({ id, file: await bundleOf(remote.directory, "main") });
  }
  const received = await Promise.all(sent.map(({ file }) => repositories.receiveBundle("hello", file)));
  assert.deepEqual(
    received.map(({ commit }) => commit),
    sent.map(({ id }) => id),
  );
});

test("fetches one reference from a git server", async (t) => {
  using remote = makeTestRepository();
  const id = parseObjectId(remote.commit("a.txt", "over the network"));
  const port = await findFreePort();
  const options = ["--export-all", "--listen=127.0.0.1", `--port=${port}`, `--base-path=${remote.directory}`];
  const daemon = spawn("git", ["daemon", "--reuseaddr", ...options, remote.directory], { stdio: "ignore" });
  t.after(() => daemon.kill());
  await untilListening(port);
  const repositories = await openRepositories(join(directory, "f"));
  const received = await repositories.fetch("hello", `git://127.0.0.1:${port}/.git`, "main");
  assert.equal(received.commit, id);
  assert.deepEqual(await repositories.readObject("hello", id, "commit"), remote.object("commit", id));
  await assert.rejects(repositories.fetch("hello", `git://127.0.0.1:${port}/.git`, "nothing"), {
    code: "git/failed",
  });
});

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  assert.fail("the git server did not come up");
}
