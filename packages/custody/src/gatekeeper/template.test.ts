import { test } from "node:test";

import type { RegoValue } from "custody/rego";

import { checkRefusal, constraint, template } from "./gatekeeper.testing.ts";

/** Adds a template and a constraint of it; the reason why it is refused, or none. */
function check(its: RegoValue, expected: RegExp | undefined, one: RegoValue = constraint()): void {
  checkRefusal(one, its, expected);
}

const code = (source: string, engine = "Rego"): string => `code: [{engine: ${engine}, source: ${source}}]`;
const v0 = 'package a\\nviolation[{\\"msg\\": \\"no\\"}] { true }';
const v1 = 'package a\\nviolation contains {\\"msg\\": \\"no\\"}';

test("reads templates of every version, with their Rego in rego or in code", () => {
  for (const version of ["v1", "v1beta1", "v1alpha1"]) check(template({ version }), undefined);
  check(template({ target: code(`{rego: "${v0}"}`) }), undefined);
  check(template({ target: code(`{rego: "${v0}", version: v0}`) }), undefined);
  check(template({ target: code(`{rego: "${v1}", version: v1}`) }), undefined);
  check(
    template({
      target: `code: [{engine: K8sNativeValidation, source: {}}, {engine: Rego, source: {rego: "${v0}"}}]`,
    }),
    undefined,
  );
});

test("refuses templates of another shape, and says where", () => {
  check(template({ version: "v2" }), /^gatekeeper\/template: a ConstraintTemplate: apiVersion: /);
  check(template({ target: code(`{rego: "${v1}"}`) }), /rego_parse_error/);
  check(template({ target: code(`{rego: "${v0}", version: v1}`) }), /rego_parse_error/);
  check(template({ target: code(`{rego: "${v0}", version: v3}`) }), /code\.source: version: /);
  check(template({ target: code("{}", "K8sNativeValidation") }), /it has no Rego/);
  check(template({ target: 'rego: ""' }), /it has no Rego/);
  check(template({ target: `rego: "${v0}", ${code(`{rego: "${v0}"}`)}` }), /in code and in rego/);
  check(template({ target: `rego: "${v0}", operations: [READ]` }), /operations\.0: /);
  const other = template() as { metadata: { name: string } };
  check({ ...other, metadata: { name: "other" } }, /it is named k8slabels, as its kind/);
});

test("refuses Rego that has no violations to tell, or reads what it may not", () => {
  for (const [rego, reason] of [
    ["package a\np { true }", /it has no rule violation/],
    ["package a\nviolation = 1", /violation is no set/],
    ['package a\nviolation["x"] = 1', /violation is no set/],
    ['package a\nviolation[{"msg": x}] { x := data.secrets.y }', /a reads data\.secrets; /],
    ['package a\nviolation[{"msg": x}] { x := data[input.y] }', /a reads data\.…; /],
    ['package a\nviolation[{"msg": x}] { x := data }', /a reads data\.…; /],
    ['package a\nimport data.b\nviolation[{"msg": "x"}] { b.c }', /a imports data\.b; /],
    ['package a\nimport input.review\nviolation[{"msg": "x"}] { review }', /a imports input\.review; /],
    ['package a\nviolation[{"msg": "x"}] { http.send({}) }', /undefined function http\.send/],
    ['package a\nviolation[{"msg": "x"}] { external_data({}) }', /undefined function external_data/],
    ['package a\nviolation[{"msg": x}] { true }', /rego_unsafe_var_error/],
  ] as const) {
    check(template({ rego }), reason);
  }
});

test("libraries are called lib.…, and only a template's own can be called", () => {
  const uses = 'package a\\nimport data.lib.b\\nviolation[{\\"msg\\": b.c(1)}] { true }';
  const both = (lib: string): RegoValue => template({ target: `rego: "${uses}", libs: ["${lib}"]` });
  check(both('package lib.b\\nc(_) = \\"no\\"'), undefined);
  check(both('package b\\nc(_) = \\"no\\"'), /the library b is not called lib\.…/);
  check(both('package lib\\nc(_) = \\"no\\"'), /the library lib is not called lib\.…/);
  check(template({ target: `rego: "${uses}"` }), /undefined function data\.lib\.b\.c/);
});

test("a schema that says v1 is structural", () => {
  for (const [schema, reason] of [
    ["{properties: {}}", /openAPIV3Schema has no type/],
    ["{type: object, properties: {a: {}}}", /openAPIV3Schema\.properties\.a has no type/],
    ["{type: object, properties: {a: {type: array}}}", /is an array without items/],
    [
      "{type: object, properties: {}, additionalProperties: {type: string}}",
      /properties and additionalProperties/,
    ],
    ["{type: object, additionalProperties: false}", /may not be false/],
    ["{type: object, requred: [a]}", /openAPIV3Schema\.requred is no keyword/],
    ["{type: object, $ref: '#'}", /\$ref is no keyword/],
  ] as const) {
    check(template({ schema }), reason);
  }
  check(template({ schema: "{properties: {labels: {}}}", version: "v1beta1" }), undefined);
  check(template({ schema: "{x-kubernetes-preserve-unknown-fields: true}" }), undefined);
});
