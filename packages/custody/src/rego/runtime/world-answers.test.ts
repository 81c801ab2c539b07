import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { compile, WorldAnswers } from "../index.ts";
import type { RegoHost, RegoValue } from "../index.ts";
import { readJson, toPlainJson, writeJson } from "../values/index.ts";

const module = `package t
now := time.now_ns()
roll := rand.intn("a", 1000000)
twice := [rand.intn("b", 1000000), rand.intn("b", 1000000)]
addresses := net.lookup_ip_addr("example.org")
`;

/** A world that never answers twice the same. */
function fickleHost(): RegoHost {
  let count = 1_795_375_301_000_000_000n;
  return {
    now: () => count++,
    randomBytes: (length) => new Uint8Array(length).fill(Number(count++ % 251n)),
  };
}

function ask(backend: "javascript" | "closures", world: WorldAnswers, host: RegoHost = {}): unknown {
  const policy = compile([{ file: "t.rego", text: module }], { builtins: allBuiltins, backend });
  const [answer] = policy.prepare("x := data.t").evaluate(undefined, { host, world });
  return toPlainJson(answer?.bindings as RegoValue);
}

for (const backend of ["javascript", "closures"] as const) {
  test(`a decision is made again from what was recorded, without the world (${backend})`, () => {
    const recorded = new WorldAnswers();
    const first = ask(backend, recorded, fickleHost());
    const text = writeJson(recorded.toDocument());
    const again = WorldAnswers.of(readJson(text));
    assert.deepEqual(ask(backend, again), first);
    assert.deepEqual(
      ask(backend, again, fickleHost()),
      first,
      "and the world is not asked, though it is there",
    );
    assert.notDeepEqual(ask(backend, new WorldAnswers(), fickleHost()), {}, "the control");
  });
}

test("what the world could not answer is recorded as that, and says the same again", () => {
  const recorded = new WorldAnswers();
  const first = ask("javascript", recorded, fickleHost()) as { x: object };
  assert.equal("addresses" in first.x, false, "nobody may look up names here");
  const document = toPlainJson(recorded.toDocument()) as { failed: Record<string, object> };
  assert.deepEqual(Object.keys(document.failed), ["net.lookup_ip_addr"]);
  assert.deepEqual(Object.keys(document.failed["net.lookup_ip_addr"] ?? {}), ['["example.org"]']);
});

test("a question that was never asked is no answer, and not an undefined one", () => {
  const other = WorldAnswers.of({ nd_builtin_cache: { "time.now_ns": { "[]": 5 } } });
  assert.throws(() => ask("javascript", other), { code: "rego/builtin", message: /is recorded/ });
});

test("reads what OPA's decision logs hold, and nothing of another form", () => {
  const policy = compile([{ file: "t.rego", text: "package t\nnow := time.now_ns()" }], {
    builtins: allBuiltins,
  });
  const world = WorldAnswers.of({ nd_builtin_cache: { "time.now_ns": { "[]": 5 } } });
  const [answer] = policy.prepare("data.t.now").evaluate(undefined, { world });
  assert.equal(answer?.expressions[0]?.value, 5);
  for (const document of [null, [], { nd_builtin_cache: [] }, { nd_builtin_cache: { "time.now_ns": 5 } }]) {
    assert.throws(() => WorldAnswers.of(document), { code: "rego/builtin" });
  }
});
