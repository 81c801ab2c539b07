import * as v from "valibot";

import { shortText } from "./attestation-type.ts";
import type { ResourceDescriptor } from "./statement.ts";
import { digestSetShape } from "./statement.ts";

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

/** As a digest set, of any size up to the limit: without digests it is the same as nothing, and still something. */
export const optionalDigestShape = v.nullish(
  v.pipe(
    v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{32,128}$/))),
    v.check((digests) => Object.keys(digests).length <= 32, "at most 32 digests"),
  ),
  {},
);

const described = {
  uri: v.nullish(textShape),
  downloadLocation: v.nullish(textShape),
  mediaType: v.nullish(textShape),
};

/** A URI and a digest, as SLSA provenance v0.2 names what it means; either may be missing. */
export const referenceShape = v.object({ uri: v.nullish(textShape), digest: optionalDigestShape });

/** A resource descriptor that must bind what it names (in-toto/attestation, spec/v1/resource_descriptor.md). */
export const artifactShape = v.object({ ...described, name: nameShape, digest: digestSetShape });

/** A resource descriptor that only points: it has a name, a URI, a digest or content, any of them. */
export const resourceShape = v.pipe(
  v.object({
    ...described,
    name: v.nullish(textShape, ""),
    digest: optionalDigestShape,
    content: v.nullish(v.pipe(v.string(), v.maxLength(1024 * 1024))),
  }),
  v.check(
    ({ name, uri, digest, content }) => [name, uri, content, ...Object.keys(digest)].some(Boolean),
    "a resource has a name, a URI, a digest or content",
  ),
);

/** Resources of a predicate, in the form that any of the shapes gives them. */
type Resources = readonly {
  readonly name?: string;
  readonly uri?: string | null | undefined;
  readonly digest: ResourceDescriptor["digest"];
}[];

/**
 * What resources are to a hand-off: by their names, or where they have none by their URIs. One without a digest is the
 * same as nothing else, and no rule that compares explains it.
 */
export function artifactsOf(resources: Resources): ResourceDescriptor[] {
  return resources.map(({ name = "", uri, digest }) => ({
    name: name === "" ? (uri ?? "") : name,
    digest,
  }));
}

/** Some of a list, in words, and how many more there are. */
export function shortList(items: readonly string[]): string {
  const shown = items.slice(0, 3).map((item) => shortText(item));
  const more = items.length - shown.length;
  return shown.length === 0 ? "nothing" : shown.join(", ") + (more === 0 ? "" : ` and ${more} more`);
}
