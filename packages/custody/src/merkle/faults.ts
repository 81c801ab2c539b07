import { CustodyError } from "custody/ground";
import type { FaultOptions } from "custody/ground";

/** What can be wrong with a tree, a proof or a tile. */
export type MerkleFaultCode =
  | "merkle/range"
  | "merkle/hash"
  | "merkle/inclusion"
  | "merkle/consistency"
  | "merkle/tile-path"
  | "merkle/tile-missing"
  | "merkle/tile-forged"
  | "merkle/bundle";

export function merkleFault(
  code: MerkleFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<MerkleFaultCode> {
  return new CustodyError(code, message, options);
}
