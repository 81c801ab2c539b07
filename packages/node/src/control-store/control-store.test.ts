import { after, before } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";

import { testControlStores } from "../../../custody/src/control/contract.ts";
import { startTestDatabase } from "../postgres/postgres.testing.ts";
import type { TestDatabase } from "../postgres/postgres.testing.ts";
import {
  controlMigrations,
  openAttestationStore,
  openDeliveryStore,
  openPolicyStore,
  openWorkloadStore,
} from "./index.ts";

let running: TestDatabase;
before(async () => {
  running = await startTestDatabase(controlMigrations);
});
after(() => running.stop());

testControlStores("the stores in PostgreSQL", async () => {
  const { database } = running;
  await database.query("TRUNCATE delivery, attestation, policy, workload, admitted_high_water CASCADE");
  return {
    deliveries: openDeliveryStore(database),
    attestations: openAttestationStore(database),
    policies: openPolicyStore(database, nodeCrypto),
    workloads: openWorkloadStore(database),
  };
});
