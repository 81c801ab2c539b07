import { Link } from "@tanstack/react-router";
import type { StepState } from "custody/evidence";
import type { ReactNode } from "react";

import { ApiProblem } from "../api/problem.ts";
import type { ShownReason } from "../api/shapes.ts";
import { VerifyFault } from "../verify/verifier-client.ts";

/** A reason's code, what it is about, and its sentence. */
export function Reasons({
  reasons,
  state = "refused",
}: {
  readonly reasons: readonly ShownReason[];
  readonly state?: StepState;
}) {
  return (
    <ul className="reasons">
      {reasons.map(({ code, subject, message }) => (
        <li key={`${code} ${subject} ${message}`} className="banner" data-state={state}>
          <code className="code">{code}</code>
          <p>{message}</p>
          <p className="quiet">
            about <code>{subject}</code>
          </p>
        </li>
      ))}
    </ul>
  );
}

/** What went wrong, its code, and what to do about it. */
export function Trouble({ error }: { readonly error: unknown }) {
  const { message, code, next } = describe(error);
  const isSignedOut = error instanceof ApiProblem && error.status === 401;
  return (
    <div role="alert" className="banner" data-state={error instanceof VerifyFault ? "undecided" : "refused"}>
      <h2>{message}</h2>
      <code className="code">{code}</code>
      {next !== undefined && <p>{next}</p>}
      {isSignedOut && (
        <p>
          <Link to="/sign-in" search={{ to: location.pathname + location.search }}>
            Sign in
          </Link>
        </p>
      )}
    </div>
  );
}

function describe(error: unknown): { message: string; code: string; next?: string | undefined } {
  if (error instanceof ApiProblem) return { message: error.message, code: error.code, next: error.next };
  if (error instanceof VerifyFault) return { message: error.message, code: error.code };
  return { message: String(error), code: "console/bug", next: "reload the page" };
}

/** Nothing to show, and how something comes to be there. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="banner">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Something is on its way. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <p role="status" className="quiet">
      loading {what} …
    </p>
  );
}
