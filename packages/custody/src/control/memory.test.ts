import { nodeCrypto } from "@custody/node/crypto";
import { makeClock } from "custody/authority/attestor.testing";

import { testControlStores } from "./contract.ts";
import { memoryControlStores } from "./index.ts";

testControlStores("the stores in memory", async () => memoryControlStores(nodeCrypto, makeClock()));
