import { bundleFault, emptyBody, readBounded } from "./bundle-origin.ts";
import type { BundleOrigin, Fetched, Wanted } from "./bundle-origin.ts";
import type { ServiceClient } from "./service-client.ts";

/** What an answer says that can be kept open until there is something new. */
const longPollType = "application/vnd.openpolicyagent.bundles";

/** A resource of a service that speaks OPA's bundle protocol: tags, deltas, long polling. */
export function httpOrigin(client: ServiceClient, resource: string): BundleOrigin {
  return {
    fetch: async (wanted) => {
      const response = await client.send({
        method: "GET",
        path: resource,
        headers: headersOf(wanted),
        ...(wanted.waitSeconds !== undefined && { extraSeconds: wanted.waitSeconds }),
        signal: wanted.signal,
      });
      return read(response, wanted, `${client.config.url}/${resource}`.replace(/\/$/, ""));
    },
  };
}

/** Changes are of use only where there is what they change. */
function headersOf({ tag, waitSeconds }: Wanted): Readonly<Record<string, string>> {
  const modes = tag === undefined ? "modes=snapshot" : "modes=snapshot,delta";
  const prefer = waitSeconds === undefined ? modes : `${modes};wait=${waitSeconds}`;
  return { prefer, ...(tag !== undefined && { "if-none-match": tag }) };
}

async function read(response: Response, { sizeLimitBytes }: Wanted, place: string): Promise<Fetched> {
  const waits = response.headers.get("content-type") === longPollType;
  if (response.status === 200) {
    const bytes = await readBounded(response.body ?? emptyBody(), sizeLimitBytes);
    return { kind: "archive", bytes, tag: response.headers.get("etag") ?? undefined, waits };
  }
  await response.body?.cancel();
  if (response.status === 304) return { kind: "same", waits };
  throw bundleFault(`${place} answered ${response.status}`, response.status);
}
