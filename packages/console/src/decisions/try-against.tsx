import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";

import { Trouble } from "../parts/notices.tsx";
import { evaluateHere, workspaceOf } from "./desk.ts";
import { PolicyLines } from "./policy-lines.tsx";

const maxPolicyLength = 256 * 1024;

interface TryAgainstProps {
  readonly policy: string;
  readonly query: string;
  readonly facts: unknown;
}

/** The same facts under an edited policy, evaluated in this browser: nothing of it reaches the server. */
export function TryAgainst({ policy, query, facts }: TryAgainstProps) {
  const [text, setText] = useState(policy);
  const tried = useMutation({
    mutationFn: async (edited: string) => ({
      edited,
      evaluated: await evaluateHere(workspaceOf(edited, query, facts)),
    }),
  });
  const attempt = (event: FormEvent): void => {
    event.preventDefault();
    tried.mutate(text);
  };
  return (
    <details className="card">
      <summary>Try these facts against another policy</summary>
      <form className="stack" onSubmit={attempt}>
        <label>
          the policy, edited; it is evaluated in this browser and changes nothing
          <textarea
            className="mono policy-text"
            value={text}
            onChange={({ target }) => setText(target.value)}
            rows={16}
            spellCheck={false}
            maxLength={maxPolicyLength}
          />
        </label>
        <div className="row">
          <button type="submit" className="main" disabled={tried.isPending}>
            Evaluate
          </button>
          <button type="button" onClick={() => setText(policy)}>
            As it was
          </button>
        </div>
      </form>
      <div role="status" className="stack">
        {tried.error && <Trouble error={tried.error} />}
        {tried.data && <Outcome {...tried.data} />}
      </div>
    </details>
  );
}

type Tried = { readonly edited: string; readonly evaluated: Awaited<ReturnType<typeof evaluateHere>> };

function Outcome({ edited, evaluated }: Tried) {
  const { outcome } = evaluated;
  switch (outcome.kind) {
    case "error":
      return (
        <ul className="reasons">
          {outcome.problems.map(({ message, place }) => (
            <li key={message} className="banner" data-state="refused">
              {place && `line ${place.row}, column ${place.col}: `}
              {message}
            </li>
          ))}
        </ul>
      );
    case "undefined":
    case "false":
      return (
        <p>
          The query is {outcome.kind}: such a gate decides nothing, and what is not decided does not pass.
        </p>
      );
    default:
      return (
        <>
          <pre>{outcome.text}</pre>
          <PolicyLines policy={edited} evaluated={evaluated} />
        </>
      );
  }
}
