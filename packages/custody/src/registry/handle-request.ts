import { findFaultCode, utf8 } from "custody/ground";

import { checkAccess } from "./authorize.ts";
import type { RegistryAction } from "./authorize.ts";
import { deleteBlob, getBlob } from "./blob-handlers.ts";
import { respond } from "./http.ts";
import type { RegistryRequest, RegistryResponse } from "./http.ts";
import { getReferrers, getTags } from "./list-handlers.ts";
import { deleteManifest, getManifest, putManifest } from "./manifest-handlers.ts";
import type { RegistryPorts } from "./ports.ts";
import { refuse } from "./refusals.ts";
import { findRoute } from "./routes.ts";
import type { Route } from "./routes.ts";
import { deleteUpload, getUpload, patchUpload, postUpload, putUpload } from "./upload-handlers.ts";

const apiVersion = { "Docker-Distribution-API-Version": "registry/2.0" };

/**
 * Answers a request of the OCI distribution protocol (distribution-spec v1.1): pull, push, list, delete. Who may do
 * what is asked before anything else; what cannot be decided or stored is 5xx or 413, never a success.
 *
 * It throws what is a bug or the fault of a port that has no answer in the protocol.
 */
export async function handleRegistryRequest(
  ports: RegistryPorts,
  request: RegistryRequest,
): Promise<RegistryResponse> {
  const route = findRoute(request.path);
  const response = await answer(ports, request, route).catch(answerFault);
  const { body: _, ...head } = response;
  const sent = request.method === "HEAD" ? head : response;
  return { ...sent, headers: { ...apiVersion, ...response.headers } };
}

async function answer(
  ports: RegistryPorts,
  request: RegistryRequest,
  route: Route | undefined,
): Promise<RegistryResponse> {
  if (!route) return refuse("NAME_UNKNOWN", "there is nothing under this path");
  if (route.kind === "invalid-name") return refuse("NAME_INVALID", "not a repository's name");
  const action = actionOf(request.method, route);
  const repository = route.kind === "base" ? undefined : route.repository;
  const refusal = await checkAccess(ports.authorize, request.header("authorization"), action, repository);
  return refusal ?? (await dispatch(ports, request, route));
}

// Whatever is done with an upload belongs to pushing.
function actionOf(method: string, route: Named): RegistryAction {
  if (route.kind === "upload" || route.kind === "uploads") return "push";
  if (method === "GET" || method === "HEAD") return "pull";
  return method === "DELETE" ? "delete" : "push";
}

type Named = Exclude<Route, { readonly kind: "invalid-name" }>;

async function dispatch(
  ports: RegistryPorts,
  request: RegistryRequest,
  route: Named,
): Promise<RegistryResponse> {
  const method = request.method === "HEAD" ? "GET" : request.method;
  switch (route.kind) {
    case "blob":
      if (method === "GET") return getBlob(ports, request, route.repository, route.digest);
      if (method === "DELETE") return deleteBlob(ports, route.repository, route.digest);
      break;
    case "uploads":
      if (method === "POST") return postUpload(ports, request, route.repository);
      break;
    case "upload":
      return dispatchUpload(ports, request, route.repository, route.id);
    case "manifest":
      if (method === "GET") return getManifest(ports, route.repository, route.reference);
      if (method === "PUT") return putManifest(ports, request, route.repository, route.reference);
      if (method === "DELETE") return deleteManifest(ports, route.repository, route.reference);
      break;
    case "tags":
      if (method === "GET") return getTags(ports, request, route.repository);
      break;
    case "referrers":
      if (method === "GET") return getReferrers(ports, request, route.repository, route.digest);
      break;
    case "base":
      if (method === "GET") return respond(200, { "Content-Type": "application/json" }, utf8("{}"));
      break;
    default:
      return route satisfies never;
  }
  return unsupported();
}

async function dispatchUpload(
  ports: RegistryPorts,
  request: RegistryRequest,
  repository: string,
  id: string,
): Promise<RegistryResponse> {
  switch (request.method) {
    case "GET":
      return getUpload(ports, repository, id);
    case "PATCH":
      return patchUpload(ports, request, repository, id);
    case "PUT":
      return putUpload(ports, request, repository, id);
    case "DELETE":
      return deleteUpload(ports, repository, id);
    default:
      return unsupported();
  }
}

function unsupported(): RegistryResponse {
  return refuse("UNSUPPORTED", "the method is not for this path");
}

// The faults of the ports that a client can do something about.
function answerFault(error: unknown): RegistryResponse {
  switch (findFaultCode(error)) {
    case "blobs/too-large":
      return refuse("TOO_LARGE", "the blob is too large");
    case "blobs/disk-full":
    case "blobs/unavailable":
    case "postgres/unavailable":
    case "postgres/timeout":
    case "postgres/disk-full":
      return refuse("UNAVAILABLE", "the registry cannot store or read at the moment", { "Retry-After": "5" });
    default:
      throw error;
  }
}
