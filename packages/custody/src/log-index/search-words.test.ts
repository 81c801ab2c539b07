import assert from "node:assert/strict";
import { test } from "node:test";

import { findTerm } from "./index.ts";
import type { SearchWords } from "./index.ts";

test("one thing is searched for at a time, and an identity only with its issuer", () => {
  const rows: readonly (readonly [SearchWords, string | undefined])[] = [
    [{}, undefined],
    [{ subject: "sha256:00" }, "subject sha256:00"],
    [{ type: "https://example.org/p", subject: undefined }, "type https://example.org/p"],
    [{ key: "sha256:00" }, "key sha256:00"],
    [{ digest: "sha256:00" }, "digest sha256:00"],
    [{ identity: "a b", issuer: "c" }, "identity c a%20b"],
    [{ identity: "a" }, undefined],
    [{ issuer: "a" }, undefined],
    [{ issuer: "a", type: "b" }, undefined],
    [{ key: "a", type: "b" }, undefined],
    [{ identity: "a", issuer: "c", type: "b" }, undefined],
  ];
  for (const [words, term] of rows) assert.equal(findTerm(words), term, JSON.stringify(words));
});
