export type { ArchiveRelease } from "./bootstrap.ts";
export type { StemcellFaultCode } from "./faults.ts";
export type { InstalledPackage } from "./package-list.ts";
export type { PinnedPackage, Recipe } from "./recipe.ts";
export type { Stemcell, StemcellRecord } from "./stemcell.ts";
export type { StemcellObserver } from "./stemcell-store.ts";
export { StemcellStore } from "./stemcell-store.ts";
