import type { Digest } from "custody/ground";

/** Something that goes into a hand-off or comes out of it, by the name that layouts know it by. */
export interface Artifact {
  readonly name: string;
  readonly digest: Digest;
}

/** A file that a step made; its content lies in the blob store under its digest. */
export interface Product extends Artifact {
  /** `STEP/PATH`. */
  readonly name: string;
  /** Below /work of the step. */
  readonly path: string;
  readonly sizeBytes: number;
  /** 0755 for what its owner may execute, else 0644. */
  readonly mode: number;
}
