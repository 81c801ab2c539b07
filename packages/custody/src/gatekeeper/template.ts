import * as v from "valibot";

import type { RegoValue } from "custody/rego";

import { GatekeeperFault } from "./faults.ts";
import { parameterSchema } from "./parameter-schema.ts";
import { parseShape } from "./shape.ts";
import type { Subject } from "./shape.ts";

/** A ConstraintTemplate: what its constraints are called, what they may say, and the Rego that decides. */
export interface ConstraintTemplate {
  readonly name: string;
  /** The kind of its constraints. */
  readonly kind: string;
  readonly source: TemplateSource;
  /** The structural schema of `spec.parameters`; undefined where there may be none. */
  readonly parameters: RegoValue | undefined;
  /** The operations that its constraints are for; empty for all. */
  readonly operations: readonly string[];
}

interface TemplateSource {
  readonly version: "v0" | "v1";
  readonly rego: string;
  readonly libs: readonly string[];
}

/** The only target that Gatekeeper has. */
export const targetName = "admission.k8s.gatekeeper.sh";

/** The group of ConstraintTemplates. */
export const templateGroup = "templates.gatekeeper.sh";

const versions = ["v1", "v1beta1", "v1alpha1"] as const;

const code = v.object({ engine: v.string(), source: v.unknown() });
const target = v.object({
  target: v.string(),
  rego: v.nullish(v.string(), ""),
  libs: v.nullish(v.array(v.string()), []),
  code: v.nullish(v.array(code), []),
  operations: v.nullish(v.array(v.picklist(["*", "CREATE", "UPDATE", "DELETE", "CONNECT"])), []),
});
const validation = v.object({ legacySchema: v.nullish(v.boolean()), openAPIV3Schema: v.unknown() });
const shape = v.object({
  apiVersion: v.picklist(versions.map((version) => `${templateGroup}/${version}` as const)),
  kind: v.literal("ConstraintTemplate"),
  metadata: v.object({ name: v.string() }),
  spec: v.object({
    crd: v.object({
      spec: v.object({
        names: v.object({
          kind: v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9]{0,62}$/, "no name of a kind")),
        }),
        validation: v.nullish(validation),
      }),
    }),
    targets: v.pipe(v.array(target), v.length(1, "a template has one target")),
  }),
});
const source = v.object({
  version: v.optional(v.picklist(["v0", "v1", ""])),
  rego: v.string(),
  libs: v.nullish(v.array(v.string()), []),
});

type Target = v.InferOutput<typeof target>;

/**
 * Reads a ConstraintTemplate (templates.gatekeeper.sh v1, v1beta1 or v1alpha1). Its Rego is not looked at yet.
 *
 * @throws GatekeeperFault `gatekeeper/template`.
 */
export function parseTemplate(value: RegoValue): ConstraintTemplate {
  const what = "a ConstraintTemplate";
  const { apiVersion, metadata, spec } = parseShape(shape, value, { code: "gatekeeper/template", what });
  const subject: Subject = { code: "gatekeeper/template", what: `ConstraintTemplate ${metadata.name}` };
  const { kind } = spec.crd.spec.names;
  if (metadata.name !== kind.toLowerCase()) {
    throw new GatekeeperFault(
      subject.code,
      `${subject.what}: it is named ${kind.toLowerCase()}, as its kind`,
    );
  }
  const [only] = spec.targets;
  if (only === undefined || only.target !== targetName) {
    throw new GatekeeperFault(subject.code, `${subject.what}: its target is ${targetName}`);
  }
  const isLegacy = spec.crd.spec.validation?.legacySchema ?? !apiVersion.endsWith("/v1");
  const schema = spec.crd.spec.validation?.openAPIV3Schema as RegoValue | undefined;
  return {
    name: metadata.name,
    kind,
    source: parseSource(only, subject),
    parameters: parameterSchema(schema ?? undefined, isLegacy, subject),
    operations: only.operations,
  };
}

/** The Rego of a target: of `code` with that engine, or of `rego`, where nothing can say a version. */
function parseSource({ rego, libs, code }: Target, subject: Subject): TemplateSource {
  const [engine, ...others] = code.filter((one) => one.engine === "Rego");
  const wrong = (reason: string): GatekeeperFault =>
    new GatekeeperFault(subject.code, `${subject.what}: ${reason}`);
  if (others.length > 0) throw wrong("it has code of the engine Rego twice");
  if (engine === undefined && rego === "")
    throw wrong("it has no Rego; only templates of the engine Rego can be decided");
  if (engine === undefined) return { version: "v0", rego, libs };
  if (rego !== "") throw wrong("its Rego is in code and in rego; one of them counts");
  const parsed = parseShape(source, engine.source, { ...subject, what: `${subject.what}: code.source` });
  return { version: parsed.version === "v1" ? "v1" : "v0", rego: parsed.rego, libs: parsed.libs };
}
