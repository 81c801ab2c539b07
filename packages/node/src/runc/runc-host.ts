import type { Clock } from "custody/ground";
import type { Architecture } from "custody/runtime";

import type { Cgroups } from "./cgroups.ts";
import type { IdBlocks } from "./id-blocks.ts";
import type { Dial } from "./proxy-address.ts";

/** What every sandbox of one state directory shares. */
export interface RuncHost {
  /** One directory a sandbox, named by its id. */
  readonly directory: string;
  /** What the ids of this state directory's sandboxes begin with. */
  readonly idPrefix: string;
  readonly cgroups: Cgroups;
  readonly ids: IdBlocks;
  readonly clock: Clock;
  readonly dial: Dial;
  readonly signingKeyFile: string | undefined;
  readonly architecture: Architecture;
  readonly runcVersion: string;
  readonly kernel: string;
}
