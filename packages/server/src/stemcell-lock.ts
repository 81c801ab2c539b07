import type { AttestationRecord, ControlPorts } from "custody/control";
import { provenance } from "custody/evidence";
import type { LockedPackage, StemcellLock } from "custody/factory";
import { CustodyError } from "custody/ground";
import type { Digest } from "custody/ground";
import { artifactNames } from "custody/policy";

const purlPattern = /^pkg:deb\/debian\/([^@]+)@([^?]+)\?arch=(.+)$/;
const searchedDeliveries = 100;

/** The packages that the repository's last stemcells were made of, as their provenance says: what custody.lock pins. */
export async function findLock(control: ControlPorts, repository: string): Promise<StemcellLock> {
  const deliveries = await control.deliveries.list({ repository, limit: searchedDeliveries });
  const stemcells = deliveries.find(({ state }) => state.stemcells !== undefined)?.state.stemcells;
  if (!stemcells) {
    throw new CustodyError("api/not-found", `no delivery of ${repository} has made its stemcells yet`, {
      subject: repository,
      next: "deliver once, then lock what was made",
    });
  }
  const locked = Object.entries(stemcells).map(async ([name, digest]) => [
    name,
    await readPackages(control, name, digest),
  ]);
  return Object.fromEntries(await Promise.all(locked)) as StemcellLock;
}

async function readPackages(control: ControlPorts, name: string, digest: Digest): Promise<LockedPackage[]> {
  const artifact = artifactNames.stemcell(name);
  const isItsProvenance = ({ predicateType, products }: AttestationRecord): boolean =>
    predicateType === provenance.predicateType && products.some((product) => product.name === artifact);
  const record = (await control.attestations.findByArtifacts([digest])).find(isItsProvenance);
  return (record?.materials ?? []).flatMap(({ name: purl }) => {
    const [, name, version, architecture] = purlPattern.exec(purl) ?? [];
    return name && version && architecture
      ? [{ name, version: decodeURIComponent(version), architecture }]
      : [];
  });
}
