import assert from "node:assert/strict";
import { test } from "node:test";

import type { PictureNode } from "custody/graph";

import type { ShownWorkload } from "../api/shapes.ts";
import type { ChainsReport } from "../verify/messages.ts";
import { processNode } from "../verify/process-node.testing.ts";
import { standingOf } from "./standing-of.ts";

const image = `sha256:${"1".repeat(64)}`;
const process: NonNullable<ShownWorkload["process"]> = {
  sandboxId: "s",
  pid: 42,
  startedAt: 0,
  address: "127.0.0.1:1",
  image,
};
const reportWith = (
  state: PictureNode["state"],
  ...nodes: PictureNode[]
): Pick<ChainsReport, "chains" | "picture"> => ({
  chains: [{ image, repository: "hello", state, reasons: [], commit: undefined }],
  picture: { nodes, edges: [] },
});

test("a process is verified where its own node is: its name, pid and image", () => {
  const report = reportWith("verified", processNode(42, "verified"), processNode(43, "undecided"));
  const check = (name: string, told: Partial<typeof process>, expected: string): void =>
    assert.equal(standingOf(report, name, { ...process, ...told }).state, expected);
  check("hello", {}, "verified");
  check("hello", { pid: 43 }, "undecided");
  check("hello", { pid: 666 }, "undecided");
  check("other", {}, "undecided");
  check("hello", { image: `sha256:${"e".repeat(64)}` }, "undecided");
});

test("a chain that does not hold makes no process verified; without a process the chain is all there is", () => {
  assert.equal(
    standingOf(reportWith("refused", processNode(42, "verified")), "hello", process).state,
    "refused",
  );
  assert.equal(standingOf(reportWith("verified"), "hello", undefined).state, "verified");
  assert.equal(
    standingOf({ chains: [], picture: { nodes: [], edges: [] } }, "hello", undefined).state,
    "undecided",
  );
});
