/** What becomes of an admission request. */
export type AdmissionDecision = AllowedAdmission | RefusedAdmission;

interface AdmissionNotes {
  /** For whoever asked, also when it is allowed. */
  readonly warnings: readonly string[];
  /** For the audit log of the API server. */
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

export interface AllowedAdmission extends AdmissionNotes {
  readonly allowed: true;
}

export interface RefusedAdmission extends AdmissionNotes {
  readonly allowed: false;
  readonly code: RefusalCode;
  readonly message: string;
}

/** Of the status: a policy refused, the question is malformed or too large, nothing could be decided, or not in time. */
export type RefusalCode = 400 | 403 | 413 | 500 | 504;

const noNotes: AdmissionNotes = { warnings: [], auditAnnotations: {} };

export const allowedAdmission: AllowedAdmission = { allowed: true, ...noNotes };

export function refusedAdmission(code: RefusalCode, message: string): RefusedAdmission {
  return { allowed: false, code, message: shortened(message, messageLimit), ...noNotes };
}

/** In UTF-16 units. An API server cuts a warning off at 256, and all of a request at 4,096. */
const [messageLimit, warningLimit, warningsLimit] = [8192, 256, 4096];

/** The decision with warnings, as long as an API server takes them. */
export function withWarnings<Decision extends AdmissionDecision>(
  decision: Decision,
  warnings: readonly string[],
): Decision {
  const kept: string[] = [];
  let left = warningsLimit;
  for (const warning of warnings.map((one) => shortened(one, warningLimit))) {
    left -= warning.length;
    if (left >= 0) kept.push(warning);
  }
  return { ...decision, warnings: [...decision.warnings, ...kept] };
}

function shortened(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;
}

/**
 * One decision of several: all have to allow. What could not be decided counts before what was refused; no decision at all is
 * a refusal.
 */
export function joinDecisions(decisions: readonly AdmissionDecision[]): AdmissionDecision {
  const refused = decisions.filter((one) => !one.allowed).toSorted((a, b) => b.code - a.code);
  const [first] = refused;
  const base = first
    ? refusedAdmission(first.code, refused.map(({ message }) => message).join("\n"))
    : decisions.length > 0
      ? allowedAdmission
      : refusedAdmission(500, "no policy decided");
  const auditAnnotations = Object.assign({}, ...decisions.map((one) => one.auditAnnotations)) as Record<
    string,
    string
  >;
  return withWarnings(
    { ...base, auditAnnotations },
    decisions.flatMap(({ warnings }) => warnings),
  );
}
