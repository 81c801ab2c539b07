import assert from "node:assert/strict";
import { test } from "node:test";

import { judgeAttribute } from "./attribute-rules.ts";

const statement = {
  subject: [{ name: "foo", uri: "", digest: { sha256: "1" } }],
  predicateType: "https://example.org/x",
  predicate: { text: `${"a".repeat(40)}!`, number: 5, list: ["a", "b"], nested: { deep: [{ id: "x" }] } },
};

function check(rule: string, expected: "holds" | "failure" | "warning", more: object = {}): void {
  const attribute = { rule, allowIfNoClaim: false, warn: false, debug: "", ...more };
  const outcome = judgeAttribute(attribute, statement);
  assert.equal(outcome.kind, expected, `${rule}: ${outcome.kind === "holds" ? "" : outcome.message}`);
  if (outcome.kind !== "holds") assert.ok(outcome.message.includes(rule.slice(0, 200)), outcome.message);
}

test("rules look at subject, predicate type and predicate, and at nothing else", () => {
  check("predicate.number == 5", "holds");
  check("predicate.number > 4 && 'a' in predicate.list", "holds");
  check("predicateType.startsWith('https://example.org/')", "holds");
  check("subject[0].name == 'foo' && subject[0].digest.sha256 == '1'", "holds");
  check("subject[0].uri == '' && subject[0].media_type == ''", "holds");
  check("subject.exists(s, s.digest.exists(d, s.digest[d] == '1'))", "holds");
  check("has(predicate.nested.deep) && !has(predicate.other)", "holds");
  check("predicate.nested.deep.all(d, d.id == 'x')", "holds");
  for (const name of ["process", "globalThis", "this", "type.constructor", "predicate.constructor"])
    check(`${name} == null`, "failure");
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    check(`predicate['${name}'] == null`, "failure");
    check(`has(predicate.${name})`, "failure");
  }
  check("predicate.text.length > 1", "failure");
});

test("what is not a plain yes is none; only an absent field and a plain no can be let pass", () => {
  const all = { allowIfNoClaim: true, warn: true };
  check("predicate.other == 1", "failure");
  check("predicate.other == 1", "holds", { allowIfNoClaim: true });
  check("predicate.other == 1", "failure", { warn: true });
  check("predicate.number == 6", "failure", { allowIfNoClaim: true });
  check("predicate.number == 6", "warning", { warn: true });
  for (const rule of [
    "1",
    "predicate.text",
    "null",
    "predicate.number + 'x' == ''",
    "1 / 0 == 1",
    "((",
    "unknown == 1",
  ])
    check(rule, "failure", all);
  assert.deepEqual(
    judgeAttribute({ rule: "false", allowIfNoClaim: false, warn: false, debug: "why" }, statement),
    {
      kind: "failure",
      message: 'the rule "false" does not hold (why)',
    },
  );
});

test("matches is RE2's, however it is written, and ends soon", () => {
  check("predicate.text.matches('^a+!$')", "holds");
  check("(predicate.text) . matches ( 'b' )", "failure");
  check("predicate.list.exists(x, x.matches('^b$')) && predicate.text.matches('a')", "holds");
  check("predicate.text.matches('(')", "failure", { allowIfNoClaim: true, warn: true });
  check("predicate.text.matches('(a)\\\\1')", "failure", { warn: true });
  check("predicate.text.matches(predicate.list[0])", "holds");
  check("predicate.text/* */.matches('a')", "failure", { warn: true });
  const start = performance.now();
  check("predicate.text.matches('^(a+)+$')", "failure");
  assert.ok(performance.now() - start < 1000);
});

test("a rule has a size, a depth, and loops that end", () => {
  const limits = { allowIfNoClaim: true, warn: true };
  check(`${"(".repeat(200)}true${")".repeat(200)}`, "failure", limits);
  check(Array.from({ length: 600 }, () => "true").join(" && "), "failure", limits);
  const loop = (inner: string): string => `predicate.list.all(x, ${inner})`;
  check(loop(loop("true")), "holds");
  check(loop(loop(loop("true"))), "failure", limits);
  check("predicate.list.map(x, predicate.list.map(y, x + y)).size() == 2", "failure", limits);
  check("cel.bind(x, 'a', x + x) == 'aa'", "failure", limits);
});
