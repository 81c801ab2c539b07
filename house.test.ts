import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

import { parseSync, Visitor } from "oxc-parser";

import { edges, inputOutput, rooms } from "./house.ts";
import type { RoomName } from "./house.ts";

const top = import.meta.dirname;
const files = globSync("packages/*/src/**/*.{ts,tsx}", { cwd: top }).sort();
const roomNames = Object.keys(rooms) as RoomName[];

/** Subpaths of workspace packages, by the folder that they mean. */
const packages: Readonly<Record<string, string>> = {
  custody: "packages/custody/src",
  "@custody/node": "packages/node/src",
  "@custody/server": "packages/server/src",
  "@custody/playground": "packages/playground/src",
  "@custody/cli": "packages/cli/src",
};

test("every file stands in a room", () => {
  for (const file of files) assert.ok(findRoom(file), `${file} is in no room of house.ts`);
});

test("every room has something in it", () => {
  for (const name of roomNames) {
    assert.ok(
      files.some((file) => findRoom(file) === name),
      `the room ${name} is empty`,
    );
  }
});

test("rooms import downward, or along a listed edge", () => {
  const wrong = importsOf(files.filter(isProduct)).filter(({ from, to }) => to && !isAllowed(from, to));
  assert.deepEqual(
    wrong.map(({ file, specifier }) => `${file} imports ${specifier}`),
    [],
  );
});

test("every listed edge is used", () => {
  const used = importsOf(files.filter(isProduct));
  for (const [from, to] of edges) {
    assert.ok(
      used.some((edge) => edge.from === from && edge.to === to),
      `nothing uses the edge ${from} → ${to}`,
    );
  }
});

test("rooms are entered through their index", () => {
  const wrong = importsOf(files.filter(isProduct)).filter(
    ({ from, to, specifier }) => from !== to && specifier.startsWith("."),
  );
  assert.deepEqual(
    wrong.map(({ file, specifier }) => `${file} imports ${specifier}`),
    [],
  );
});

test("nothing below floor 4 does input or output", () => {
  const wrong = importsOf(files.filter(isProduct)).filter(
    ({ from, specifier }) =>
      rooms[from].floor < 4 && (specifier.startsWith("node:") || inputOutput.includes(specifier)),
  );
  assert.deepEqual(
    wrong.map(({ file, specifier }) => `${file} imports ${specifier}`),
    [],
  );
});

test("what runs in a browser imports what does no input or output, or the other page", () => {
  const wrong = importsOf(files.filter(isProduct)).filter(
    ({ from, to, specifier }) =>
      inBrowser.has(from) &&
      (specifier.startsWith("node:") || (to !== undefined && !inBrowser.has(to) && rooms[to].floor >= 3)),
  );
  assert.deepEqual(
    wrong.map(({ file, specifier }) => `${file} imports ${specifier}`),
    [],
  );
});

test("the product imports no test helper", () => {
  const wrong = importsOf(files.filter(isProduct)).filter(({ specifier }) => specifier.includes(".testing"));
  assert.deepEqual(
    wrong.map(({ file, specifier }) => `${file} imports ${specifier}`),
    [],
  );
});

const inBrowser: ReadonlySet<RoomName> = new Set(["console", "playground"]);

const impure = new Set([
  "process",
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "performance",
  "Buffer",
  "console",
]);

test("floors 0 to 3 have no clock, randomness, network or process of their own", () => {
  const wrong = files
    .filter((file) => isProduct(file) && rooms[roomOf(file)].floor < 4)
    .flatMap(impuritiesOf);
  assert.deepEqual(wrong, []);
});

test("every attestation type is in the register", () => {
  const folder = "packages/custody/src/evidence/types";
  const register = readFileSync(join(top, folder, "index.ts"), "utf8");
  for (const file of files.filter(
    (file) => dirname(file) === folder && !file.endsWith("index.ts") && isProduct(file),
  )) {
    assert.ok(register.includes(`"./${relative(folder, file)}"`), `${file} is not in the register`);
  }
});

test("the house test notices what it forbids", () => {
  assert.equal(isAllowed("ground", "evidence"), false);
  assert.equal(isAllowed("dsse", "note"), false);
  assert.equal(isAllowed("policy", "evidence"), true);
  assert.equal(isAllowed("server", "ground"), true);
  assert.deepEqual(
    findImpurities("x.ts", "const t = Date.now(); new Date(); Math.random(); fetch('x'); new Date(1);"),
    ["x.ts uses Date.now", "x.ts uses new Date()", "x.ts uses Math.random", "x.ts uses fetch"],
  );
});

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly from: RoomName;
  readonly to: RoomName | undefined;
}

function isProduct(file: string): boolean {
  return !/\.(test|testing)\.ts$|\/contract\.ts$/.test(file);
}

function findRoom(file: string): RoomName | undefined {
  return roomNames.find((name) => file.startsWith(`${rooms[name].path}/`));
}

function roomOf(file: string): RoomName {
  const room = findRoom(file);
  assert.ok(room, `${file} is in no room`);
  return room;
}

function isAllowed(from: RoomName, to: RoomName): boolean {
  return from === to || rooms[to].floor < rooms[from].floor || edges.some(([a, b]) => a === from && b === to);
}

function importsOf(sources: readonly string[]): Import[] {
  return sources.flatMap((file) =>
    specifiersOf(file).map((specifier) => ({
      file,
      specifier,
      from: roomOf(file),
      to: findTarget(file, specifier),
    })),
  );
}

// Type-only imports and re-exports count: a type from above is knowledge of above.
function specifiersOf(file: string): string[] {
  const text = readFileSync(join(top, file), "utf8");
  const { module, errors } = parseSync(file, text);
  assert.deepEqual(errors, [], file);
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) =>
      text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
    ),
  ];
}

function findTarget(file: string, specifier: string): RoomName | undefined {
  if (specifier.startsWith(".")) return findRoom(relative(top, resolve(top, dirname(file), specifier)));
  const name = Object.keys(packages).find((name) => specifier === name || specifier.startsWith(`${name}/`));
  return name === undefined ? undefined : findRoom(`${packages[name]}${specifier.slice(name.length)}/`);
}

function impuritiesOf(file: string): string[] {
  return findImpurities(file, readFileSync(join(top, file), "utf8"));
}

function findImpurities(file: string, text: string): string[] {
  const found: string[] = [];
  const visitor = new Visitor({
    MemberExpression(node) {
      const { object, property } = node;
      if (object.type !== "Identifier" || property.type !== "Identifier") return;
      const name = `${object.name}.${property.name}`;
      if (name === "Date.now" || name === "Math.random") found.push(`${file} uses ${name}`);
      if (name === "globalThis.process") found.push(`${file} uses ${name}`);
      if (impure.has(object.name)) found.push(`${file} uses ${object.name}`);
    },
    NewExpression({ callee, arguments: given }) {
      if (callee.type === "Identifier" && callee.name === "Date" && given.length === 0)
        found.push(`${file} uses new Date()`);
    },
    CallExpression({ callee }) {
      if (callee.type === "Identifier" && impure.has(callee.name)) found.push(`${file} uses ${callee.name}`);
    },
  });
  visitor.visit(parseSync(file, text).program);
  return found;
}
