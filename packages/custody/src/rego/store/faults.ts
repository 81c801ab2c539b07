import { RegoFault } from "../faults.ts";
import { pathText } from "./paths.ts";
import type { DocumentPath } from "./paths.ts";

/** OPA's codes of what its store refuses, and `bad_request` for what belongs to a bundle. */
export type StoreCode =
  | "storage_not_found_error"
  | "storage_write_conflict_error"
  | "storage_invalid_patch_error"
  | "bad_request";

/** A read or a write that the store refuses; nothing was changed. */
export class StoreFault extends RegoFault {
  readonly storeCode: StoreCode;

  constructor(storeCode: StoreCode, reason: string) {
    super("rego/store", storeCode === "bad_request" ? reason : `${storeCode}: ${reason}`);
    this.storeCode = storeCode;
  }
}

export function absent(): never {
  throw new StoreFault("storage_not_found_error", "document does not exist");
}

export function absentItem(path: DocumentPath, reason: string): never {
  throw new StoreFault("storage_not_found_error", `${pathText(path)}: ${reason}`);
}

export function inTheWay(path: DocumentPath): never {
  throw new StoreFault("storage_write_conflict_error", pathText(path));
}

export function invalidPatch(reason: string): never {
  throw new StoreFault("storage_invalid_patch_error", reason);
}
