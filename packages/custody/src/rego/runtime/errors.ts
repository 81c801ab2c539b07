import { RegoFault } from "../faults.ts";
import type { Location } from "../syntax/index.ts";

/** OPA's codes of what goes wrong while a policy is evaluated. */
export type EvaluationCode =
  | "eval_conflict_error"
  | "eval_builtin_error"
  | "eval_type_error"
  | "eval_limit_error";

/** An evaluation that ended without an answer; never to be read as "undefined" or "no". */
export class EvaluationError extends RegoFault {
  readonly evaluationCode: EvaluationCode;
  readonly at: Location | undefined;
  /** The message without code and place. */
  readonly reason: string;

  constructor(code: EvaluationCode, reason: string, at: Location | undefined, cause?: unknown) {
    const place = at === undefined ? "" : at.file === "" ? `${at.row}:${at.col}: ` : `${at.file}:${at.row}: `;
    super(faultCodes[code], `${place}${code}: ${reason}`, { cause });
    this.evaluationCode = code;
    this.reason = reason;
    this.at = at;
  }
}

const faultCodes = {
  eval_conflict_error: "rego/conflict",
  eval_builtin_error: "rego/builtin",
  eval_type_error: "rego/builtin",
  eval_limit_error: "rego/limit",
} as const;
