import { isRepositoryName } from "custody/oci";

/** What a path asks for (OCI distribution-spec v1.1, Endpoints). */
export type Route =
  | { readonly kind: "base" }
  | { readonly kind: "blob"; readonly repository: string; readonly digest: string }
  | { readonly kind: "uploads"; readonly repository: string }
  | { readonly kind: "upload"; readonly repository: string; readonly id: string }
  | { readonly kind: "manifest"; readonly repository: string; readonly reference: string }
  | { readonly kind: "tags"; readonly repository: string }
  | { readonly kind: "referrers"; readonly repository: string; readonly digest: string }
  | { readonly kind: "invalid-name" };

const pathLimit = 1024;

// The name may itself hold elements like "blobs": the endpoint is what the path ends in.
const endpoints: readonly (readonly [RegExp, (repository: string, last: string) => Route])[] = [
  [/^(.+)\/blobs\/uploads\/?$/, (repository) => ({ kind: "uploads", repository })],
  [/^(.+)\/blobs\/uploads\/([^/]+)$/, (repository, id) => ({ kind: "upload", repository, id })],
  [/^(.+)\/blobs\/([^/]+)$/, (repository, digest) => ({ kind: "blob", repository, digest })],
  [/^(.+)\/manifests\/([^/]+)$/, (repository, reference) => ({ kind: "manifest", repository, reference })],
  [/^(.+)\/tags\/list$/, (repository) => ({ kind: "tags", repository })],
  [/^(.+)\/referrers\/([^/]+)$/, (repository, digest) => ({ kind: "referrers", repository, digest })],
];

/** The route of a path; undefined for a path that is none of the registry's. */
export function findRoute(path: string): Route | undefined {
  if (path === "/v2/" || path === "/v2") return { kind: "base" };
  if (!path.startsWith("/v2/") || path.length > pathLimit) return undefined;
  const rest = path.slice("/v2/".length);
  for (const [pattern, make] of endpoints) {
    const [, repository = "", last = ""] = pattern.exec(rest) ?? [];
    if (repository === "") continue;
    const decoded = findDecoded(last);
    if (decoded === undefined) return undefined;
    return isRepositoryName(repository) ? make(repository, decoded) : { kind: "invalid-name" };
  }
  return undefined;
}

// Some clients write a digest's colon as %3A. The parts are checked against their grammar after this.
function findDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
