import type { Builtin } from "../builtin.ts";
import { casts } from "./casts.ts";
import { kindTests } from "./kind-tests.ts";

export const typeBuiltins: readonly Builtin[] = [...kindTests, ...casts];
