import * as v from "valibot";

import { RegoFault } from "../faults.ts";
import type { RegoValue } from "../values/index.ts";

const secondsLimit = 366 * 86_400;

/** A time in whole seconds, a year at most. */
export const seconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(secondsLimit));

/** A number of bytes. */
export const sizeBytes = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

export const text = v.pipe(v.string(), v.maxLength(65_536));

type Missing = v.OptionalSchema<v.GenericSchema, undefined>;

/** An option that OPA has and this server has not: whoever sets it is told so, and what to do instead. */
export function missing(next: string): Missing {
  return v.optional(
    v.pipe(
      v.unknown(),
      v.check(() => false, `is not supported: ${next}`),
    ),
  );
}

/** A switch that OPA has and that can only be off here. */
export function off(next: string): Missing {
  return v.optional(
    v.pipe(
      v.boolean(),
      v.check((isOn) => !isOn, `is not supported: ${next}`),
    ),
  );
}

/** OPA's trigger; `manual` has nothing to trigger it in a server. */
export const trigger = v.optional(
  v.pipe(
    v.picklist(["periodic", "manual"]),
    v.check((mode) => mode !== "manual", "manual is not supported: leave it out, or write periodic"),
  ),
);

/**
 * The options that a schema describes.
 *
 * @throws RegoFault `rego/config` that names every option which is unknown, not supported, or not what it should be.
 */
export function parseOptions<Schema extends v.GenericSchema>(
  schema: Schema,
  value: RegoValue,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw configFault(parsed.issues.map(issueText).join("; "));
}

export function configFault(message: string): RegoFault {
  return new RegoFault("rego/config", `configuration: ${message}`, {
    next: "see docs/guides/rego.md, The configuration of OPA",
  });
}

function issueText(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? "";
  if (issue.type === "strict_object" && issue.expected === "never") return `unknown option ${path}`;
  return `${path === "" ? "it" : path} ${issue.kind === "validation" ? lower(issue.message) : kindText(issue)}`;
}

function kindText({ expected, received }: v.BaseIssue<unknown>): string {
  return received === "undefined" ? "is missing" : `must be ${expected}, and is ${received}`;
}

function lower(message: string): string {
  return message.startsWith("Invalid") ? `is not what it should be (${message})` : message;
}
