import type { Bytes, Instant } from "custody/ground";
import { CustodyError, formatInstant } from "custody/ground";

import { tufFault } from "../faults.ts";
import { isSignedBy } from "../signers.ts";
import type { RoleKeys } from "../signers.ts";
import { parseForeignMetadata } from "./foreign-metadata.ts";
import type { ForeignMetadata } from "./foreign-metadata.ts";
import type { TufClientPorts } from "./ports.ts";
import type { MetadataKind } from "./shapes.ts";

/** A role: what it is called, of which kind its metadata are, and who signs them. */
export interface Role<Kind extends MetadataKind> {
  readonly name: string;
  readonly kind: Kind;
  readonly roleKeys: RoleKeys;
}

/** @throws CustodyError `tuf/malformed`, `tuf/threshold` for metadata that the role has not signed. */
export async function readRole<Kind extends MetadataKind>(
  { crypto }: Pick<TufClientPorts, "crypto">,
  { name, kind, roleKeys }: Role<Kind>,
  bytes: Bytes,
): Promise<ForeignMetadata<Kind>> {
  const metadata = parseForeignMetadata(bytes, kind);
  if (await isSignedBy(crypto, roleKeys, metadata)) return metadata;
  throw tufFault("tuf/threshold", `${name} is signed by fewer than ${roleKeys.threshold} of its keys`, {
    subject: name,
  });
}

/**
 * What the client trusts of a role already. What is damaged, or no longer signed by those who sign for the role now, is
 * as if it were absent: the repository is asked then.
 */
export async function findTrusted<Kind extends MetadataKind>(
  ports: Pick<TufClientPorts, "crypto" | "store">,
  role: Role<Kind>,
): Promise<ForeignMetadata<Kind> | undefined> {
  const bytes = await ports.store.read(role.name);
  try {
    return bytes && (await readRole(ports, role, bytes));
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

/** @throws CustodyError `tuf/expired`. */
export function demandUnexpired<Metadata extends ForeignMetadata<MetadataKind>>(
  name: string,
  metadata: Metadata,
  now: Instant,
): Metadata {
  const { expires } = metadata.signed;
  if (expires > now) return metadata;
  throw tufFault("tuf/expired", `${name} ended at ${formatInstant(expires)}`, {
    subject: name,
    next: "whoever keeps the repository must sign anew; check this machine's clock too",
  });
}

export function absentFault(name: string): Error {
  return tufFault("tuf/missing", `the repository has no ${name}`, { subject: name });
}
