import { parseBase64, parseUtf8, Secret } from "custody/ground";

import { refuse } from "./refusals.ts";
import type { RegistryResponse } from "./http.ts";

/** `mount`: take in a blob from whichever repository has it, by its digest alone; for those who may pull from all. */
export type RegistryAction = "pull" | "push" | "delete" | "mount";

/** Name and password as HTTP Basic carries them (RFC 7617), not yet checked. */
export interface Credentials {
  readonly username: string;
  readonly password: Secret<string>;
}

export interface AccessRequest {
  readonly action: RegistryAction;
  /** Undefined for the registry as a whole: may they come in at all? */
  readonly repository: string | undefined;
  readonly credentials: Credentials | undefined;
}

/** `unauthenticated`: credentials are missing or wrong, others might do. `denied`: theirs do not suffice. */
export type AccessAnswer = "allowed" | "unauthenticated" | "denied";

/** Says who may do what. When it fails, nothing is allowed. */
export type Authorize = (request: AccessRequest) => Promise<AccessAnswer>;

const headerLimit = 8192;

/**
 * The credentials of an Authorization header; `malformed` for anything but Basic with a name and a password, which is
 * not the same as none at all.
 */
export function parseCredentials(header: string | undefined): Credentials | undefined | "malformed" {
  if (header === undefined) return undefined;
  const base64 = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header.slice(0, headerLimit))?.[1];
  const text = base64 === undefined ? undefined : findText(base64);
  // What clients send when they were asked and have nothing to say.
  if (text === ":") return undefined;
  const colon = text?.indexOf(":") ?? -1;
  if (text === undefined || colon < 1) return "malformed";
  return { username: text.slice(0, colon), password: new Secret(text.slice(colon + 1)) };
}

function findText(base64: string): string | undefined {
  try {
    return parseUtf8(parseBase64(base64));
  } catch {
    return undefined;
  }
}

const challenge = { "WWW-Authenticate": 'Basic realm="custody", charset="UTF-8"' };

/** The response to someone who may not; undefined for who may. */
export async function checkAccess(
  authorize: Authorize,
  header: string | undefined,
  action: RegistryAction,
  repository: string | undefined,
): Promise<RegistryResponse | undefined> {
  const credentials = parseCredentials(header);
  const answer =
    credentials === "malformed" ? "unauthenticated" : await authorize({ action, repository, credentials });
  switch (answer) {
    case "allowed":
      return undefined;
    case "unauthenticated":
      return refuse("UNAUTHORIZED", "a name and password are needed", challenge);
    case "denied":
      return refuse("DENIED", `you may not ${action} here`);
    default:
      return answer satisfies never;
  }
}
