import type { Bytes, Digest } from "custody/ground";
import { canonicalJson, formatInstant, instantOf } from "custody/ground";

import type { InstalledPackage } from "./package-list.ts";
import { sourceDateEpoch } from "./recipe.ts";

/** The stemcell that an SBOM is about. */
export interface SbomSubject {
  readonly suite: string;
  readonly digest: Digest;
  readonly packages: readonly InstalledPackage[];
}

const rootId = "SPDXRef-Stemcell";

/**
 * The stemcell's software bill of materials: SPDX 2.3 JSON, canonical, the same bytes for the same stemcell. A package's
 * checksum is that of the .deb it came in.
 */
export function formatSpdx(subject: SbomSubject): Bytes {
  const relationships = subject.packages.map((item) => relate(rootId, "CONTAINS", idOf(item)));
  return canonicalJson({
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `stemcell-${subject.suite}`,
    documentNamespace: `urn:custody:stemcell:${subject.digest}`,
    creationInfo: { created: created(), creators: ["Tool: custody"] },
    packages: [formatRoot(subject), ...subject.packages.map((item) => formatPackage(item, subject.suite))],
    relationships: [relate("SPDXRef-DOCUMENT", "DESCRIBES", rootId), ...relationships],
  });
}

// SPDX 2.3 §6.9: seconds, no fraction.
function created(): string {
  return formatInstant(instantOf(sourceDateEpoch * 1000)).replace(".000Z", "Z");
}

function formatRoot(subject: SbomSubject): object {
  return {
    ...packageOf(rootId, `stemcell-${subject.suite}`, subject.digest),
    checksums: [{ algorithm: "SHA256", checksumValue: subject.digest.slice("sha256:".length) }],
    primaryPackagePurpose: "OPERATING-SYSTEM",
  };
}

function formatPackage(item: InstalledPackage, suite: string): object {
  return {
    ...packageOf(idOf(item), item.name, item.version),
    checksums: [{ algorithm: "SHA256", checksumValue: item.sha256 }],
    sourceInfo: `built from the Debian source package ${item.source}`,
    externalRefs: [
      {
        referenceCategory: "PACKAGE-MANAGER",
        referenceType: "purl",
        referenceLocator: formatPackageUrl(item, suite),
      },
    ],
  };
}

function packageOf(id: string, name: string, version: string): object {
  return {
    SPDXID: id,
    name,
    versionInfo: version,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: "NOASSERTION",
    copyrightText: "NOASSERTION",
  };
}

/** The package URL (purl-spec, PURL-TYPES §deb). */
export function formatPackageUrl(item: InstalledPackage, suite: string): string {
  const encode = (text: string) => encodeURIComponent(text).replaceAll("%3A", ":");
  return `pkg:deb/debian/${encode(item.name)}@${encode(item.version)}?arch=${item.architecture}&distro=${suite}`;
}

// SPDX 2.3 §3.2: letters, digits, dot and hyphen; other characters of a name by their code.
function idOf(item: InstalledPackage): string {
  const name = `${item.name}-${item.architecture}`;
  return `SPDXRef-Package-${name.replaceAll(/[^A-Za-z0-9.-]/g, (character) => `-${character.charCodeAt(0)}-`)}`;
}

function relate(from: string, type: string, to: string): object {
  return { spdxElementId: from, relationshipType: type, relatedSpdxElement: to };
}
