import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { compile } from "../engine.ts";
import type { Policy } from "../engine.ts";
import { documentLine } from "../results/index.ts";
import type { RegoValue } from "../values/index.ts";
import { apiDocument, commandDocument, eventsOf, traceLines, TraceLog } from "./index.ts";
import type { ExplainMode } from "./index.ts";

const data = { users: { ada: { roles: ["dev", "admin"] }, bob: { roles: ["dev"] } } };

function policyOf(text: string): Policy {
  return compile([{ file: "t.rego", text: `package t\n${text}` }], { builtins: allBuiltins });
}

function traced(rules: string, query: string, input: RegoValue = { user: "ada" }): TraceLog {
  const log = new TraceLog();
  policyOf(rules).prepare(query, { traced: true }).evaluate(input, { data, trace: log.add });
  return log;
}

/** The lines of a trace; the compiler's own variables have one name. */
function check(rules: string, query: string, expected: string, mode: ExplainMode = "full"): void {
  const lines = traceLines(eventsOf(mode, traced(rules, query).events));
  const shown = lines.map((line) => line.trimEnd().replaceAll(/__local\d+__/g, "__local__"));
  assert.equal(shown.join("\n"), expected.trim());
}

const allow = `allow if {
	some role in data.users[input.user].roles
	role == "admin"
	trace(sprintf("user %s", [input.user]))
}`;

describe("a trace", () => {
  test("tells what is evaluated, what fails and what is tried again", () => {
    check(
      allow,
      "data.t.allow",
      `
query:1      Enter data.t.allow = _
query:1      | Eval data.t.allow = _
t.rego:2     | Enter data.t.allow
t.rego:3     | | Eval __local__ = input.user
t.rego:3     | | Eval role = data.users[__local__].roles[__local__]
t.rego:4     | | Eval role = "admin"
t.rego:4     | | Fail role = "admin"
t.rego:3     | | Redo role = data.users[__local__].roles[__local__]
t.rego:4     | | Eval role = "admin"
t.rego:5     | | Eval __local__ = input.user
t.rego:5     | | Eval sprintf("user %s", [__local__], __local__)
t.rego:5     | | Eval trace(__local__)
t.rego:5     | | Note "user ada"
t.rego:2     | | Exit data.t.allow
query:1      | Exit data.t.allow = _
query:1      Redo data.t.allow = _
query:1      | Redo data.t.allow = _`,
    );
  });

  test("of notes has them, and the way to each", () => {
    const expected = `
query:1      Enter data.t.allow = _
t.rego:2     | Enter data.t.allow
t.rego:5     | | Note "user ada"`;
    check(allow, "data.t.allow", expected, "notes");
  });

  test("of failures has those", () => {
    const expected = `
query:1      Enter data.t.allow = _
t.rego:2     | Enter data.t.allow
t.rego:4     | | Fail role = "admin"`;
    check(allow, "data.t.allow", expected, "fails");
    check(
      "p if 1 == 2",
      "data.t.q",
      "query:1     Enter data.t.q = _\nquery:1     | Fail data.t.q = _",
      "fails",
    );
  });

  test("goes into functions, comprehensions, negations and every", () => {
    const rules = `f(x) := y if y := x + 1
a if { f(1) == 2 }
b if { not c; count([1 | input.user == "ada"]) == 1 }
c if { every x in [1, 2] { x > 1 } }`;
    check(
      rules,
      "data.t.a; data.t.b",
      `
query:1      Enter data.t.a = _; data.t.b = _
query:1      | Eval data.t.a = _
t.rego:3     | Enter data.t.a
t.rego:3     | | Eval data.t.f(1, __local__)
t.rego:2     | | Enter data.t.f
t.rego:2     | | | Eval plus(x, 1, __local__)
t.rego:2     | | | Eval y = __local__
t.rego:2     | | | Exit data.t.f
t.rego:2     | | Redo data.t.f
t.rego:2     | | | Redo y = __local__
t.rego:2     | | | Redo plus(x, 1, __local__)
t.rego:3     | | Eval __local__ = 2
t.rego:3     | | Exit data.t.a
query:1      | Eval data.t.b = _
t.rego:4     | Enter data.t.b
t.rego:4     | | Eval not data.t.c
t.rego:4     | | Enter data.t.c
t.rego:4     | | | Eval data.t.c
t.rego:5     | | | Enter data.t.c
t.rego:5     | | | | Eval __local__ = [1, 2]
t.rego:5     | | | | Eval every x in __local__ { gt(x, 1) }
t.rego:5     | | | | Enter gt(x, 1)
t.rego:5     | | | | | Eval gt(x, 1)
t.rego:5     | | | | | Fail gt(x, 1)
t.rego:5     | | | | Fail every x in __local__ { gt(x, 1) }
t.rego:5     | | | | Redo __local__ = [1, 2]
t.rego:4     | | | Fail data.t.c
t.rego:4     | | Eval __local__ = [1 | input.user = "ada"]
t.rego:4     | | Enter input.user = "ada"
t.rego:4     | | | Eval input.user = "ada"
t.rego:4     | | | Exit input.user = "ada"
t.rego:4     | | Redo input.user = "ada"
t.rego:4     | | | Redo input.user = "ada"
t.rego:4     | | Eval count(__local__, __local__)
t.rego:4     | | Eval __local__ = 1
t.rego:4     | | Exit data.t.b
query:1      | Exit data.t.a = _; data.t.b = _
query:1      Redo data.t.a = _; data.t.b = _
query:1      | Redo data.t.b = _
query:1      | Redo data.t.a = _`,
    );
  });

  test("shows the values of variables beside", () => {
    const { events } = traced("s if { xs := [1, 2]; n := xs[_]; n > 1 }", "data.t.s");
    const lines = traceLines(events, { values: true }).map((line) =>
      line.replace(/^.*?\| \| (.*?) {2,}/, "$1  "),
    );
    assert.deepEqual(lines.slice(3, 9), [
      "Eval xs = [1, 2]  {}",
      "Eval n = xs[_]  {xs: [1, 2]}",
      "Eval gt(n, 1)  {n: 1}",
      "Fail gt(n, 1)  {n: 1}",
      "Redo n = xs[_]  {n: 1, xs: [1, 2]}",
      "Eval gt(n, 1)  {n: 2}",
    ]);
  });

  test("is the same answer as without", () => {
    const rules = `${allow}
names contains name if some name, _ in data.users
sizes[name] := count(user.roles) if some name, user in data.users
default level := 0
level := 1 if input.user == "bob" else := 2 if "admin" in data.users[input.user].roles
shadow := found if found := data.t.level with input.user as "bob"`;
    const policy = policyOf(rules);
    const options = { data, trace: () => undefined };
    const find = (isTraced: boolean): unknown =>
      policy.prepareDocuments({ traced: isTraced }).find(["t"], { user: "ada" }, options);
    assert.deepEqual(find(true), find(false));
  });

  test("of a document begins with the query for it", () => {
    const log = new TraceLog();
    const documents = policyOf("p := 1").prepareDocuments({ traced: true });
    assert.equal(documents.find(["t", "p"], undefined, { trace: log.add }), 1);
    assert.equal(documents.find(["t", "none"], undefined, { trace: log.add }), undefined);
    const lines = traceLines(log.events).map((line) => line.replaceAll(/ {2,}/g, " "));
    assert.deepEqual(lines.slice(0, 4), [
      "query:1 Enter data.t.p = _",
      "query:1 | Eval data.t.p = _",
      "t.rego:2 | Enter data.t.p",
      "t.rego:2 | | Eval true",
    ]);
    assert.deepEqual(lines.slice(-2), ["query:1 | Eval data.t.none = _", "query:1 | Fail data.t.none = _"]);
  });

  test("is JSON as OPA's commands and API have it", () => {
    const { events } = traced('p if { x := 1; trace("n") }', "data.t.p");
    const notes = eventsOf("notes", events);
    const [, , note] = notes;
    assert.equal(notes.length, 3);
    assert.equal(
      documentLine(apiDocument(note ? [note] : [])),
      '[{"op":"note","query_id":1,"parent_id":0,"type":"","node":null,"locals":[{"key":{"type":"var","value":"x"},"value":1}],"message":"n"}]',
    );
    assert.equal(
      documentLine(commandDocument(note ? [note] : [])),
      '[{"Op":"Note","Node":null,"Location":{"file":"t.rego","row":2,"col":16},"QueryID":1,"ParentID":0,"Locals":[["x",1]],"Message":"n"}]',
    );
    const [enter] = eventsOf("full", events);
    assert.match(
      documentLine(apiDocument(enter ? [enter] : [])),
      /^\[\{"op":"enter","query_id":0,"parent_id":0,"type":"body","node":\[\{"index":0,"terms":\[/,
    );
  });

  test("has an end, and tells what is beyond", () => {
    const log = new TraceLog(4);
    const policy = policyOf("p if { some x in [1, 2, 3]; x < 0 }");
    policy.prepare("data.t.p", { traced: true }).evaluate(undefined, { trace: log.add });
    assert.equal(log.events.length, 4);
    assert.match(traceLines(log.shown("full")).at(-1) ?? "", /Note "… and \d+ events more"$/);
    assert.equal(traceLines(log.shown("fails")).length, 1);
    assert.deepEqual(new TraceLog(4).shown("full"), []);
  });
});
