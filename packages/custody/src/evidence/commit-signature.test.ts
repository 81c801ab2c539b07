import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { parseObjectId } from "custody/git";
import { makeTestRepository } from "custody/git/git.testing";
import { formatInstant, instantOf } from "custody/ground";

import { Examination, verifyCommit } from "./index.ts";
import type { AllowedSigner, RepositoryPolicy } from "./index.ts";

const day = 86_400_000;
const now = instantOf(Date.UTC(2026, 5, 1));
const at = (days: number): string => formatInstant(instantOf(now + days * day));

function policyOf(signers: readonly AllowedSigner[]): RepositoryPolicy {
  return { repository: "hello", signers, layout: { expires: at(100), steps: [] } };
}

test("a key that is listed anew counts again; what is retired or over does not", async () => {
  using repository = makeTestRepository();
  const { publicLine, path } = repository.makeKey("ada");
  const id = parseObjectId(repository.commit("a.txt", "a", path));
  const key = publicLine.split(" ").slice(0, 2).join(" ");
  const over = { name: "ada", key, validFor: { start: at(-9), end: at(-8) } };
  const alive = { name: "ada", key, validFor: { start: at(-1), end: at(1) } };
  const retired = { ...alive, retiredAt: at(-0.5) };
  const future = { name: "ada", key, validFor: { start: at(1), end: at(2) } };
  const ask = async (...signers: AllowedSigner[]): Promise<string> => {
    const evidence = { id, object: repository.object("commit", id), firstSeen: now };
    const verdict = await verifyCommit(nodeCrypto, evidence, policyOf(signers), new Examination());
    return verdict.kind === "allowed" ? "allowed" : verdict.reasons.map(({ code }) => code).join();
  };
  assert.equal(await ask(alive), "allowed");
  assert.equal(await ask(over, alive), "allowed");
  assert.equal(await ask(alive, over), "allowed");
  assert.equal(await ask(retired, alive), "allowed");
  assert.equal(await ask(over), "source/key-expired");
  assert.equal(await ask(retired, over), "source/key-retired");
  assert.equal(await ask(over, future), "source/key-not-yet-valid");
  assert.equal(await ask(), "source/signer-not-listed");
});
