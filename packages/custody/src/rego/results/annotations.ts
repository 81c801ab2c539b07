import { constantPrefix } from "../plan/rule-tree.ts";
import type { Annotation } from "../syntax/index.ts";
import type { Module } from "../syntax/index.ts";
import { items, members, value } from "./document.ts";
import type { Document } from "./document.ts";
import { locationDocument } from "./problems.ts";

/** The annotations of modules, each with what it is about, as `opa inspect` shows them. */
export function annotationsDocument(modules: readonly Module[]): Document {
  return items(
    modules.flatMap((module) =>
      module.annotations.map((annotation) => annotationDocument(module, annotation)),
    ),
  );
}

function annotationDocument(module: Module, annotation: Annotation): Document {
  const rule = module.rules[annotation.statement - module.imports.length - 1];
  const isOfRule = annotation.scope === "rule" || annotation.scope === "document";
  const path = [...module.package, ...(isOfRule && rule ? constantPrefix(rule) : [])];
  const names = path.map((name) => members({ type: "string", value: name }));
  return members({
    annotations: value(annotation.value),
    location: locationDocument(isOfRule && rule ? rule.at : module.packageAt),
    path: items([members({ type: "var", value: "data" }), ...names]),
  });
}
