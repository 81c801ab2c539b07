import assert from "node:assert/strict";
import { test } from "node:test";

import { formatReference, parseReference } from "./index.ts";

const digest = `sha256:${"0".repeat(64)}`;

test("reads references as Docker does, and writes them back", () => {
  const check = (text: string, expected: object) => {
    assert.deepEqual(parseReference(text), expected);
    assert.equal(formatReference(parseReference(text)), text);
  };
  check("app", { repository: "app" });
  check("team/app:1.0", { repository: "team/app", tag: "1.0" });
  check("localhost/app", { registry: "localhost", repository: "app" });
  check("localhost:5000/team/app:V_1", { registry: "localhost:5000", repository: "team/app", tag: "V_1" });
  check(`r.example/a/b--c/d__e:t@${digest}`, {
    registry: "r.example",
    repository: "a/b--c/d__e",
    tag: "t",
    digest,
  });
  check(`[::1]:5000/app@${digest}`, { registry: "[::1]:5000", repository: "app", digest });
  check("app:5000", { repository: "app", tag: "5000" });
});

test("refuses every other text", () => {
  const texts = [
    "",
    "/",
    "App",
    "app:",
    "app@",
    "app:-x",
    `app:${"x".repeat(129)}`,
    "x".repeat(256),
    "app//b",
    "/app",
    "app/",
    "a/../b",
    "a..b",
    "a___b",
    "-a",
    "a-",
    "r.example/",
    "r.example:99999/app",
    "r_x.example/app",
    "http://r.example/app",
    "user@r.example/app",
    `app@sha256:${"0".repeat(63)}`,
    `app@sha256:${"G".repeat(64)}`,
    `app@${digest}:tag`,
    `app@${digest}@${digest}`,
    "app:tag\n",
    "app tag",
    "äpp",
  ];
  for (const text of texts) assert.throws(() => parseReference(text), { code: "oci/reference" }, text);
});
