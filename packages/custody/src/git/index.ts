export * from "./commit.ts";
export * from "./object.ts";
export * from "./ssh-key.ts";
export * from "./ssh-signature.ts";
export * from "./tree.ts";
