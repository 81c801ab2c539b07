export { startWitness } from "./start-witness.ts";
export type { WitnessOptions, WitnessServer } from "./start-witness.ts";
