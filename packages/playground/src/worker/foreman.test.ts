import assert from "node:assert/strict";
import { test } from "node:test";

import type { DeskReport, DeskRequest } from "../desk/index.ts";
import { Foreman } from "./foreman.ts";
import type { WorkerMessage } from "./messages.ts";

const workspace = { policy: "", tests: "", input: "", data: "", query: "" };
const request = (kind: DeskRequest["kind"], query = ""): DeskRequest => ({
  kind,
  workspace: { ...workspace, query },
});
const report: DeskReport = { kind: "formatted", problems: [] };

/** Workers and time that do what the test says. */
class Stage {
  readonly asked: string[] = [];
  started = 0;
  ended = 0;
  hear: (message: WorkerMessage) => void = () => undefined;
  #deadline: (() => void) | undefined;

  readonly foreman = new Foreman({
    open: (hear) => {
      this.started++;
      this.hear = hear;
      return {
        ask: ({ kind, workspace: { query } }) => this.asked.push(`${kind} ${query}`.trim()),
        end: () => this.ended++,
      };
    },
    later: (_, call) => {
      this.#deadline = call;
      return () => (this.#deadline = undefined);
    },
  });

  pass(): void {
    const call = this.#deadline;
    this.#deadline = undefined;
    call?.();
  }
}

test("starts one worker when there is work, and gives it one piece at a time", async () => {
  const stage = new Stage();
  assert.equal(stage.started, 0);
  const endings = [stage.foreman.ask(request("evaluate")), stage.foreman.ask(request("test"))];
  assert.deepEqual(stage.asked, []);
  stage.hear({ kind: "ready" });
  assert.deepEqual(stage.asked, ["evaluate"]);
  stage.hear({ kind: "report", report });
  stage.hear({ kind: "report", report });
  assert.deepEqual(await Promise.all(endings), [
    { kind: "report", report },
    { kind: "report", report },
  ]);
  assert.deepEqual([stage.asked, stage.started, stage.ended], [["evaluate", "test"], 1, 0]);
});

test("ends a worker that does not answer in time, and goes on with a new one", async () => {
  const stage = new Stage();
  const first = stage.foreman.ask(request("evaluate", "1"));
  stage.hear({ kind: "ready" });
  const second = stage.foreman.ask(request("evaluate", "2"));
  stage.pass();
  assert.deepEqual(await first, { kind: "late" });
  assert.deepEqual([stage.started, stage.ended], [2, 1]);
  stage.hear({ kind: "ready" });
  stage.hear({ kind: "report", report });
  assert.deepEqual(await second, { kind: "report", report });
});

test("what an ended worker still says is nobody's answer", async () => {
  const stage = new Stage();
  const first = stage.foreman.ask(request("evaluate", "1"));
  const { hear } = stage;
  hear({ kind: "ready" });
  const second = stage.foreman.ask(request("evaluate", "2"));
  stage.pass();
  hear({ kind: "ready" });
  hear({ kind: "report", report });
  assert.deepEqual([await first, stage.asked], [{ kind: "late" }, ["evaluate 1"]]);
  stage.hear({ kind: "ready" });
  stage.hear({ kind: "broken", message: "the second" });
  assert.deepEqual(await second, { kind: "broken", message: "the second" });
});

test("of pieces that wait only the newest of a kind is done", async () => {
  const stage = new Stage();
  const endings = ["1", "2", "3"].map((query) => stage.foreman.ask(request("evaluate", query)));
  stage.hear({ kind: "ready" });
  stage.hear({ kind: "report", report });
  stage.hear({ kind: "report", report });
  const kinds = (await Promise.all(endings)).map(({ kind }) => kind);
  assert.deepEqual(
    [kinds, stage.asked],
    [
      ["report", "superseded", "report"],
      ["evaluate 1", "evaluate 3"],
    ],
  );
});

test("a worker that does not start, or breaks, is told from one that is late", async () => {
  const stage = new Stage();
  const first = stage.foreman.ask(request("format"));
  stage.pass();
  assert.deepEqual(await first, { kind: "broken", message: "the worker did not start" });
  const second = stage.foreman.ask(request("format"));
  stage.hear({ kind: "ready" });
  stage.hear({ kind: "broken", message: "a bug" });
  assert.deepEqual(await second, { kind: "broken", message: "a bug" });
  assert.equal(stage.ended, 2);
});
