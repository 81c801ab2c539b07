import { ApiProblem } from "../api/problem.ts";
import { Trouble } from "../parts/notices.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { VerifyFault } from "../verify/verifier-client.ts";
import { nextStepOf } from "./next-step.ts";

const undecided = new Set(["console/tile", "console/insecure", "console/bug", "console/question"]);

/** Why nothing is shown: what the server answered was not verified, or it did not answer. */
export function NotVerified({ what, error }: { readonly what: string; readonly error: Error }) {
  if (error instanceof ApiProblem || !(error instanceof VerifyFault)) return <Trouble error={error} />;
  const { code, message } = error;
  const state = undecided.has(code) ? "undecided" : "refused";
  return (
    <div role="alert" className="banner" data-state={state}>
      <h2>
        Not verified: {what} <StateBadge state={state} />
      </h2>
      <code className="code">{code}</code>
      <p>{message}</p>
      <p>Next: {nextStepOf(code)}.</p>
    </div>
  );
}
