import { isDigest } from "custody/ground";
import type { Digest } from "custody/ground";

import { ociFault } from "./faults.ts";

/** Where an image is: `[registry/]repository[:tag][@digest]`. */
export interface Reference {
  /** Host, with its port if it was given; undefined where the text names none. */
  readonly registry?: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const repositorySyntax = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*$/;
const repositoryLimit = 255;
const tagSyntax = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const registrySyntax =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*|\[[0-9A-Fa-f:]{2,39}\])(?::[0-9]{1,5})?$/;

/** True for a repository's name (OCI distribution-spec v1.1, Pulling manifests), of at most 255 characters. */
export function isRepositoryName(text: string): boolean {
  return text.length <= repositoryLimit && repositorySyntax.test(text);
}

/** True for a tag (OCI distribution-spec v1.1, Pulling manifests). */
export function isTag(text: string): boolean {
  return tagSyntax.test(text);
}

/**
 * The parts of an image reference. The first path element is a registry when it has a dot or a colon, or is
 * `localhost`, as Docker reads it; no default registry or tag is added.
 *
 * @throws CustodyError `oci/reference`.
 * @example parseReference("localhost:5000/team/app:1.0") // { registry: "localhost:5000", repository: "team/app", tag: "1.0" }
 */
export function parseReference(text: string): Reference {
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const named = parseNamed(at < 0 ? text : text.slice(0, at));
  if (digest === undefined) return named;
  if (!isDigest(digest)) throw malformed(text);
  return { ...named, digest };
}

function parseNamed(text: string): Reference {
  const slash = text.indexOf("/");
  const first = text.slice(0, Math.max(slash, 0));
  const hasRegistry = first === "localhost" || /[.:]/.test(first);
  const rest = hasRegistry ? text.slice(slash + 1) : text;
  const colon = rest.indexOf(":");
  const repository = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  if (!isRepositoryName(repository) || (hasRegistry && !isRegistry(first))) throw malformed(text);
  if (tag !== undefined && !isTag(tag)) throw malformed(text);
  return { ...(hasRegistry ? { registry: first } : {}), repository, ...(tag === undefined ? {} : { tag }) };
}

function isRegistry(text: string): boolean {
  const port = /:(\d+)$/.exec(text)?.[1];
  return text.length <= repositoryLimit && registrySyntax.test(text) && Number(port ?? 1) <= 65_535;
}

function malformed(text: string): Error {
  return ociFault("oci/reference", "not an image reference", {
    subject: text.slice(0, 120),
    next: "write it as [registry/]repository[:tag][@sha256:…], the repository in lower case",
  });
}

/** The text of a reference; {@link parseReference} reads it back. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  const prefix = registry === undefined ? "" : `${registry}/`;
  return `${prefix}${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}
