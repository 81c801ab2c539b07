import type { Instant } from "custody/ground";

import { tufFault } from "../faults.ts";
import type { ForeignMetadata } from "./foreign-metadata.ts";
import type { TufClientPorts } from "./ports.ts";
import { absentFault, demandUnexpired, findTrusted, readRole } from "./read-role.ts";
import type { Role } from "./read-role.ts";
import { quoteName } from "./quote-name.ts";
import { demandSignedFile, isSignedFile } from "./signed-file.ts";
import type { MetaFile, MetadataKind } from "./shapes.ts";

/** Metadata to obtain: what is signed of their file, and how it is found. */
export interface Wanted<Kind extends MetadataKind> {
  readonly role: Role<Kind>;
  /** What the timestamp says of the snapshot, or the snapshot of targets. */
  readonly file: MetaFile;
  /** Whether the version is part of the name (§6.2). */
  readonly isConsistent: boolean;
  /** How long it may be where that is not signed. */
  readonly limitBytes: number;
  readonly now: Instant;
  /** Refuses, by throwing, what does not follow from what was trusted before. */
  readonly follow?: (trusted: ForeignMetadata<Kind>, found: ForeignMetadata<Kind>) => void;
}

/**
 * Metadata of a version that other metadata name (TUF 1.0 §5.5, §5.6): what is trusted already where that is it, else the
 * repository's. What was verified is trusted from then on.
 *
 * @throws CustodyError `tuf/missing`, `tuf/mismatch`, `tuf/malformed`, `tuf/threshold`, `tuf/version`, `tuf/expired`, and
 * what `follow` throws.
 */
export async function obtain<Kind extends MetadataKind>(
  ports: TufClientPorts,
  { role, file, isConsistent, limitBytes, now, follow }: Wanted<Kind>,
): Promise<ForeignMetadata<Kind>> {
  const trusted = await findTrusted(ports, role);
  const isIt = trusted?.signed.version === file.version && isSignedFile(ports.crypto, file, trusted.bytes);
  if (trusted && isIt) return demandUnexpired(role.name, trusted, now);
  const name = `${isConsistent ? `${file.version}.` : ""}${quoteName(role.name)}.json`;
  const bytes = await ports.remote.fetchMetadata(name, file.length ?? limitBytes);
  if (!bytes) throw absentFault(name);
  demandSignedFile(ports.crypto, { name, file }, bytes);
  const found = await readRole(ports, role, bytes);
  if (found.signed.version !== file.version) {
    const message = `${name} is version ${found.signed.version}, and ${file.version} was signed for`;
    throw tufFault("tuf/version", message, { subject: name });
  }
  if (trusted) follow?.(trusted, found);
  demandUnexpired(role.name, found, now);
  await ports.store.write(role.name, bytes);
  return found;
}
