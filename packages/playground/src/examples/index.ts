import type { Workspace } from "../desk/index.ts";
import { admission } from "./admission.ts";
import { roles } from "./roles.ts";
import { supplyChain } from "./supply-chain.ts";

export interface Example {
  readonly name: string;
  readonly title: string;
  readonly workspace: Workspace;
}

/** What the page can begin with; the first is what it does begin with. */
export const examples: readonly [Example, ...Example[]] = [roles, admission, supplyChain];
