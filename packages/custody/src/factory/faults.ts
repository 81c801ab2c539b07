import type { FaultOptions } from "custody/ground";
import { CustodyError } from "custody/ground";

export type FactoryFaultCode =
  /** custody.yaml is not YAML, or not in the bounds of what is read. */
  | "factory/syntax"
  /** custody.yaml does not have the shape of its schema. */
  | "factory/shape"
  /** custody.yaml names something that is not there, or something twice. */
  | "factory/reference"
  /** custody.lock does not have its shape. */
  | "factory/lock"
  /** A tree is no longer what its digest says, between its checkout and its use. */
  | "factory/tree-changed"
  /** The image cannot be made as it is described. */
  | "factory/image"
  /** An image's configuration does not say how it is to be run. */
  | "factory/image-configuration";

export function factoryFault(
  code: FactoryFaultCode,
  message: string,
  options: FaultOptions = {},
): CustodyError<FactoryFaultCode> {
  return new CustodyError(code, message, options);
}
