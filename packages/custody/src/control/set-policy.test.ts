import assert from "node:assert/strict";
import { test } from "node:test";

import { parseRepositoryPolicy } from "custody/evidence";

import { setPolicy } from "./index.ts";
import { openLoop } from "./loop.testing.ts";

test("a signer is not named so that the name shows as another: it is refused when set, and readable where it is", async () => {
  using loop = await openLoop();
  await loop.setPolicy();
  const policy = await loop.stores.policies.findPolicy("hello");
  const [signer] = policy?.signers ?? [];
  assert.ok(policy && signer);
  const set = async (name: string, retiredAt?: string): Promise<readonly string[]> => {
    const one = { ...signer, name, ...(retiredAt !== undefined && { retiredAt }) };
    const changed = { ...policy, signers: [signer, one] };
    assert.deepEqual(parseRepositoryPolicy(changed), changed);
    const expected = await loop.stores.policies.findRevision("hello");
    return (await setPolicy(loop.ports, changed, expected)).policy.signers.map((each) => each.name);
  };
  for (const name of ["ada\u202eevil\u2066", "ada\n", "a\u001b[2J", "\u200fada", "\ud800"]) {
    const refused = {
      code: "policy/malformed",
      message: /"[^"]*\ufffd[^"]*" has control/,
      next: /retire hello/,
    };
    await assert.rejects(set(name), refused, JSON.stringify(name));
  }
  for (const name of ["Ádá O’Neil", "愛田", "ada@example.org"])
    assert.deepEqual(await set(name), [signer.name, name], "the control");
  const retired = ["\u202eada", signer.validFor.start] as const;
  assert.deepEqual(await set(...retired), [signer.name, "\u202eada"], "who has one is retired under it");
});
