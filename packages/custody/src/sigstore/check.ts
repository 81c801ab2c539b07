import type { Examination, Issuance } from "custody/evidence";
import type { Crypto } from "custody/ground";

import type { SigstoreRefusal } from "./reasons.ts";
import type { Seen } from "./seen.ts";
import type { SigstoreTrustedRoot } from "./trusted-root.ts";

/** One verification under way: what it trusts, what it knows already, and its demands. */
export class Check {
  readonly crypto: Crypto;
  readonly root: SigstoreTrustedRoot;
  readonly seen: Seen;
  readonly #examination: Examination<SigstoreRefusal>;
  readonly #subject: string;

  constructor(
    { crypto, root, seen }: Pick<Check, "crypto" | "root" | "seen">,
    examination: Examination<SigstoreRefusal>,
    subject: string,
  ) {
    this.crypto = crypto;
    this.root = root;
    this.seen = seen;
    this.#examination = examination;
    this.#subject = subject;
  }

  get issuance(): Issuance {
    return this.seen.issuance;
  }

  /** Refuses with the code unless the condition holds or the check is off; says whether the condition holds. */
  demand(holds: boolean, code: SigstoreRefusal, message: string): boolean {
    return this.#examination.demand(holds, code, this.#subject, message);
  }
}
