import { refsOfRule } from "custody/rego";
import type { Module } from "custody/rego";

/** What a template may read below `data`: objects that it may refer to, and its own libraries. */
const readable = new Set(["inventory", "lib"]);

/** Why the modules of a template may not be: what they import, read or are called. Empty where all is well. */
export function referenceFaults(entry: Module, libraries: readonly Module[]): readonly string[] {
  const unnamed = libraries.filter(({ package: path }) => path[0] !== "lib" || path.length < 2);
  return [
    ...unnamed.map((library) => `the library ${packageOf(library)} is not called lib.…`),
    ...[entry, ...libraries].flatMap((module) => [...importFaults(module), ...dataFaults(module)]),
  ];
}

function packageOf({ package: path }: Module): string {
  return path.join(".");
}

function importFaults(module: Module): readonly string[] {
  return module.imports
    .filter(({ path: [root, first] }) => root !== "future" && !(root === "data" && first === "lib"))
    .map(({ path }) => `${packageOf(module)} imports ${path.join(".")}; only data.lib.… can be`);
}

/** `data` as a whole, or a name that only the evaluation knows, would be everything. */
function dataFaults(module: Module): readonly string[] {
  return module.rules.flatMap(refsOfRule).flatMap(({ head, path: [first] }) => {
    if (head.kind !== "var" || head.name !== "data") return [];
    const name = first?.kind === "scalar" ? first.value : undefined;
    if (typeof name === "string" && readable.has(name)) return [];
    return [
      `${packageOf(module)} reads data.${typeof name === "string" ? name : "…"}; data.inventory and data.lib can be read`,
    ];
  });
}
