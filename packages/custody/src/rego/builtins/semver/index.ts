import { types } from "../../types.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin } from "../builtin.ts";
import { stringOperand } from "../operands.ts";
import { compareVersions, findVersion } from "./version.ts";
import type { Version } from "./version.ts";

export const semverBuiltins: readonly Builtin[] = [
  {
    name: "semver.compare",
    args: [types.string, types.string],
    result: types.number,
    evaluate: (_, a, b) => {
      const texts = [stringOperand(a, 1), stringOperand(b, 2)] as const;
      return compareVersions(versionOperand(texts[0], 1), versionOperand(texts[1], 2));
    },
  },
  {
    name: "semver.is_valid",
    args: [types.any],
    result: types.boolean,
    evaluate: (_, version: RegoValue) => typeof version === "string" && findVersion(version) !== undefined,
  },
];

function versionOperand(text: string, position: number): Version {
  const version = findVersion(text);
  if (version) return version;
  // In OPA this is not a type error, whatever it looks like.
  throw new BuiltinError(`operand ${position}: string ${JSON.stringify(text)} is not a valid SemVer`);
}
