import * as v from "valibot";

import type { ResourceDescriptor } from "../statement.ts";
import { digestSetShape } from "../statement.ts";

/** How much of one predicate is read: beyond it, it is refused. */
export const maxListed = 10_000;
const maxTextLength = 8192;

/** A text of a predicate; of bounded length. */
export const textShape = v.pipe(v.string(), v.maxLength(maxTextLength));

/** A text that must say something. */
export const nameShape = v.pipe(textShape, v.minLength(1));

/** RFC 3339 with a time zone (in-toto/attestation, spec/v1/field_types.md "Timestamp"). */
export const timestampShape = v.pipe(v.string(), v.maxLength(64), v.isoTimestamp());

/** A list of bounded length. */
export function listOf<const Item extends v.GenericSchema>(
  item: Item,
): v.SchemaWithPipe<
  readonly [v.ArraySchema<Item, undefined>, v.MaxLengthAction<v.InferOutput<Item>[], number, undefined>]
> {
  return v.pipe(v.array(item), v.maxLength(maxListed));
}

const described = {
  uri: v.optional(textShape),
  downloadLocation: v.optional(textShape),
  mediaType: v.optional(textShape),
};

/** A resource descriptor that must bind what it names (in-toto/attestation, spec/v1/resource_descriptor.md). */
export const artifactShape = v.object({ ...described, name: nameShape, digest: digestSetShape });

/** A resource descriptor that only points: it has a name, a URI, a digest or content, any of them. */
export const resourceShape = v.pipe(
  v.object({
    ...described,
    name: v.optional(textShape, ""),
    digest: v.optional(digestSetShape),
    content: v.optional(v.pipe(v.string(), v.maxLength(1024 * 1024))),
  }),
  v.check(
    ({ name, uri, digest, content }) =>
      name !== "" || uri !== undefined || digest !== undefined || content !== undefined,
    "a resource has a name, a URI, a digest or content",
  ),
);

/**
 * What resources are to a hand-off: by their names, or where they have none by their URIs. One without a digest is the
 * same as nothing else, and no rule that compares explains it.
 */
export function artifactsOf(
  resources: readonly {
    name: string;
    uri?: string | undefined;
    digest?: Record<string, string> | undefined;
  }[],
): ResourceDescriptor[] {
  return resources.map(({ name, uri = "", digest = {} }) => ({ name: name === "" ? uri : name, digest }));
}
