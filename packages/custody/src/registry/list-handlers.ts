import { isDigest, utf8 } from "custody/ground";
import { isMediaType, mediaTypes } from "custody/oci";

import { invalidDigest } from "./blob-handlers.ts";
import { respond } from "./http.ts";
import type { RegistryRequest, RegistryResponse } from "./http.ts";
import type { RegistryPorts } from "./ports.ts";
import { refuse } from "./refusals.ts";

/** The most items of one page, whatever is asked for. */
const pageLimit = 1000;

/** GET of a repository's tags, in byte order, by pages (Listing Tags). */
export async function getTags(
  ports: RegistryPorts,
  request: RegistryRequest,
  repository: string,
): Promise<RegistryResponse> {
  const limit = parseLimit(request.query.get("n"));
  if (limit === undefined) return refuse("UNSUPPORTED", "n is a number of tags");
  const tags = await ports.metadata.findTags(repository, request.query.get("last") ?? "", limit + 1);
  if (!tags) return refuse("NAME_UNKNOWN", "there is no such repository");
  const page = tags.slice(0, limit);
  const hasMore = tags.length > limit && limit > 0;
  const next = hasMore
    ? linkTo(`/v2/${repository}/tags/list`, { n: String(limit), last: page.at(-1) ?? "" })
    : {};
  return json("application/json", { name: repository, tags: page }, next);
}

function parseLimit(n: string | null): number | undefined {
  if (n === null) return pageLimit;
  return /^\d{1,9}$/.test(n) ? Math.min(Number(n), pageLimit) : undefined;
}

/** GET of what refers to a digest, itself there or not, as an image index (Listing Referrers). */
export async function getReferrers(
  ports: RegistryPorts,
  request: RegistryRequest,
  repository: string,
  subject: string,
): Promise<RegistryResponse> {
  if (!isDigest(subject)) return invalidDigest();
  const after = request.query.get("last") ?? "";
  const all = await ports.metadata.findReferrers(repository, subject, after, pageLimit + 1);
  const page = all.slice(0, pageLimit);
  const artifactType = request.query.get("artifactType") ?? "";
  const isFiltered = isMediaType(artifactType);
  const manifests = isFiltered ? page.filter((referrer) => referrer.artifactType === artifactType) : page;
  const path = `/v2/${repository}/referrers/${subject}`;
  const query = { last: page.at(-1)?.digest ?? "", ...(isFiltered ? { artifactType } : {}) };
  return json(
    mediaTypes.imageIndex,
    { schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests },
    {
      ...(isFiltered ? { "OCI-Filters-Applied": "artifactType" } : {}),
      ...(all.length > pageLimit ? linkTo(path, query) : {}),
    },
  );
}

// RFC 8288; relative, so that it holds behind any proxy.
function linkTo(path: string, query: Record<string, string>): Record<string, string> {
  return { Link: `<${path}?${new URLSearchParams(query).toString()}>; rel="next"` };
}

function json(contentType: string, value: unknown, headers: Record<string, string>): RegistryResponse {
  const body = utf8(JSON.stringify(value));
  return respond(
    200,
    { "Content-Type": contentType, "Content-Length": String(body.length), ...headers },
    body,
  );
}
