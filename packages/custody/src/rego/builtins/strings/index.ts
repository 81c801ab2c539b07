import type { Builtin } from "../builtin.ts";
import { affixes } from "./affixes.ts";
import { cases } from "./case.ts";
import { parts } from "./parts.ts";
import { replacements } from "./replace.ts";
import { search } from "./search.ts";
import { sprintf } from "./sprintf/index.ts";
import { renderTemplate } from "./template/index.ts";
import { trims } from "./trim.ts";

export const stringBuiltins: readonly Builtin[] = [
  ...parts,
  ...search,
  ...affixes,
  ...replacements,
  ...trims,
  ...cases,
  sprintf,
  renderTemplate,
];
