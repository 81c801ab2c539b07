import type { PictureNode } from "custody/graph";

/** A process of the workload `hello` in a picture. */
export function processNode(pid: number, state: PictureNode["state"]): PictureNode {
  const reasons = state === "verified" ? [] : [{ code: "run/unattested", subject: "hello", message: "no" }];
  return { id: `process hello ${pid}`, kind: "process", title: "hello", detail: "", state, reasons };
}
