export * from "./checkpoint.ts";
export * from "./cosignature.ts";
export type { NoteFaultCode } from "./faults.ts";
export * from "./sign-note.ts";
export { formatNote, parseNote } from "./signed-note.ts";
export type { NoteSignature, SignedNote } from "./signed-note.ts";
export * from "./verifier-key.ts";
export * from "./verify-note.ts";
