import "./decisions.css";

import { packFragment } from "@custody/playground/share";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";

import { decisionQuery } from "../api/queries.ts";
import type { ShownDecision } from "../api/shapes.ts";
import { Digest } from "../parts/digest.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Loading, Reasons, Trouble } from "../parts/notices.tsx";
import { Page } from "../parts/page.tsx";
import { StateBadge, verdictStates } from "../parts/state-badge.tsx";
import { evaluateHere, workspaceOf } from "./desk.ts";
import { gatePolicies } from "./gate-policies.ts";
import { PolicyLines } from "./policy-lines.tsx";
import { TryAgainst } from "./try-against.tsx";

/** `/decisions/ID`: one answer of a gate, the lines that decided, the facts that it saw, and what another policy would say. */
export function DecisionView() {
  const { id = "" } = useParams({ strict: false });
  const { data: decision, error } = useQuery(decisionQuery(id));
  return (
    <Page title={decision ? `${decision.gate} of ${decision.repository}` : "Decision"}>
      {!decision && <h1>Decision</h1>}
      {error && <Trouble error={error} />}
      {!decision && !error && <Loading what="the decision" />}
      {decision && <Decision decision={decision} />}
    </Page>
  );
}

function Decision({ decision }: { readonly decision: ShownDecision }) {
  const { gate, verdict, repository, subject, reasons, facts, rules, firstAt, lastAt, times } = decision;
  const own = gatePolicies.get(gate) ?? "";
  const policies = [
    { name: `policies/${gate}.rego`, text: own, query: `data.custody.gates.${gate}` },
    ...rules.flatMap(({ scope, modules }) =>
      modules
        .filter(({ text }) => new RegExp(`^\\s*package\\s+gates\\.${gate}\\b`, "m").test(text))
        .map(({ file, text }) => ({
          name: `${file} of ${scope.kind} ${scope.name}`,
          text,
          query: `data.gates.${gate}`,
        })),
    ),
  ];
  return (
    <>
      <div className="row">
        <h1>
          Gate {gate} of {repository}
        </h1>
        <StateBadge state={verdictStates[verdict] ?? "undecided"}>{verdict}</StateBadge>
      </div>
      <dl className="card">
        <dt>about</dt>
        <dd>
          <Digest value={subject} />{" "}
          <Link to="/chain/$" params={{ _splat: subject }}>
            its chain
          </Link>
        </dd>
        <dt>answered</dt>
        <dd>
          {times === 1 ? "once" : `${times} times, the same`}, first <Moment at={firstAt} />, last{" "}
          <Moment at={lastAt} />
        </dd>
      </dl>
      {reasons.length > 0 && <Reasons reasons={reasons} state={verdictStates[verdict] ?? "undecided"} />}
      {facts === undefined ? (
        <Empty title="The facts were too large to be kept" />
      ) : (
        <>
          {policies.map(({ name, text, query }) => (
            <Deciding key={name} name={name} text={text} query={query} facts={facts} />
          ))}
          <TryAgainst key={decision.id} policy={own} query={`data.custody.gates.${gate}`} facts={facts} />
          <details className="card">
            <summary>The facts that the gate saw</summary>
            <pre>{JSON.stringify(facts, undefined, 2)}</pre>
          </details>
        </>
      )}
    </>
  );
}

interface DecidingProps {
  readonly name: string;
  readonly text: string;
  readonly query: string;
  readonly facts: unknown;
}

function Deciding({ name, text, query, facts }: DecidingProps) {
  const navigate = useNavigate();
  const [fault, setFault] = useState<unknown>();
  const workspace = workspaceOf(text, query, facts);
  const { data, error } = useQuery({
    queryKey: ["lines", name, text, facts],
    queryFn: () => evaluateHere(workspace),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const open = async (): Promise<void> => {
    try {
      await navigate({ to: "/playground", hash: await packFragment(workspace) });
    } catch (problem) {
      setFault(problem);
    }
  };
  return (
    <section className="stack" aria-label={`the lines of ${name} that decided`}>
      <div className="row spread">
        <h2>
          Lines of <span className="mono">{name}</span> that decided
        </h2>
        <button type="button" onClick={() => void open()}>
          Open in the playground
        </button>
      </div>
      {(error ?? fault) !== undefined && (error ?? fault) !== null && <Trouble error={error ?? fault} />}
      {data ? <PolicyLines policy={text} evaluated={data} /> : !error && <Loading what="the explanation" />}
    </section>
  );
}
