import assert from "node:assert/strict";
import { test } from "node:test";

import { link } from "./link.ts";
import { checkRefused, checkType, sha256, subject } from "./types.testing.ts";

const predicate = {
  name: "compile",
  command: ["make", "all"],
  materials: [{ name: "src/main.c", digest: sha256("1"), mediaType: "text/plain" }],
  byproducts: { stdout: "ok", "return-value": 0 },
  environment: { variables: ["PATH=/bin"] },
};

test("a link is the step's hand-off from its materials to the subjects", () => {
  checkType(link, {
    predicate,
    handOff: {
      step: "compile",
      materials: [{ name: "src/main.c", digest: sha256("1") }],
      products: subject,
    },
    rendering: 'step compile made 1 artifacts from 1 by "make all"',
    required: ["name", "materials.0.name", "materials.0.digest"],
  });
});

test("a link of a command that failed vouches for the contrary", () => {
  const parsed = link.parse({ ...predicate, byproducts: { "return-value": 2 } });
  const { weakened, failed } = link.handOff(subject, parsed);
  assert.deepEqual({ weakened, failed }, { weakened: ["the command ended with 2"], failed: true });
  assert.match(link.render(subject, parsed), /, which ended with 2$/);
});

test("of two materials with one name each reader might take another", () => {
  const [one] = predicate.materials;
  checkRefused(
    link,
    { ...predicate, materials: [one, { ...one, digest: sha256("2") }] as never },
    "materials",
  );
});

test("the name alone is enough, an empty one and a command that is no list are not", () => {
  assert.deepEqual(link.handOff(subject, link.parse({ name: "x" })), {
    step: "x",
    materials: [],
    products: subject,
    weakened: [],
  });
  checkRefused(link, { ...predicate, name: "" }, "name");
  checkRefused(link, { ...predicate, command: "make" }, "command");
  checkRefused(link, { ...predicate, byproducts: { "return-value": "0" } }, "byproducts.return-value");
});

test("a stranger's text neither steers a terminal nor begins a line", () => {
  const parsed = link.parse({ name: "a\nb\u001b[2J\u202e", command: ["x".repeat(200)] });
  assert.equal(link.render(subject, parsed), `step a�b�[2J� made 1 artifacts from 0 by "${"x".repeat(80)}…"`);
});
