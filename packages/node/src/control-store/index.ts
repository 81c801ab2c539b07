export { openAttestationStore } from "./attestation-store.ts";
export { deliveryChannel, openDeliveryStore } from "./delivery-store.ts";
export { eventChannel, openEventStore } from "./event-store.ts";
export type { EventStore, NumberedEvent } from "./event-store.ts";
export { controlMigrations } from "./migrations.ts";
export { openPolicyStore } from "./policy-store.ts";
export { openWorkloadStore } from "./workload-store.ts";
