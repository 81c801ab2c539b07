import "./deliveries.css";

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";

import { deliveryQuery } from "../api/queries.ts";
import type { ShownDelivery } from "../api/shapes.ts";
import { Digest } from "../parts/digest.tsx";
import { Moment } from "../parts/moment.tsx";
import { lengthText } from "../parts/time-text.ts";
import { Loading, Reasons, Trouble } from "../parts/notices.tsx";
import { Page } from "../parts/page.tsx";
import { verdictStates } from "../parts/state-badge.tsx";
import { nextStepOf } from "./next-step.ts";
import { PhaseBadge } from "./phase-badge.tsx";
import { stagesOf } from "./stages.ts";
import type { Stage } from "./stages.ts";
import { useDeliveryStream } from "./use-delivery-stream.ts";

/** `/deliveries/ID`: one delivery, live. */
export function DeliveryView() {
  const { id = "" } = useParams({ strict: false });
  const asked = useQuery(deliveryQuery(id));
  const { events, delivery: told, isLive } = useDeliveryStream(id);
  const delivery = told ?? asked.data;
  if (asked.error && !delivery)
    return (
      <Page title="Delivery">
        <h1>Delivery</h1>
        <Trouble error={asked.error} />
      </Page>
    );
  if (!delivery)
    return (
      <Page title="Delivery">
        <h1>Delivery</h1>
        <Loading what="the delivery" />
      </Page>
    );
  const stages = stagesOf(events, delivery.phase, delivery.createdAt);
  return (
    <Page title={`Delivery of ${delivery.repository}`}>
      <div className="row">
        <h1>Delivery of {delivery.repository}</h1>
        <PhaseBadge phase={delivery.phase} />
        <span role="status" className="quiet">
          {isLive ? "live" : ""}
        </span>
      </div>
      <Facts delivery={delivery} />
      <Ending delivery={delivery} />
      <ol className="stages" aria-label="stages">
        {stages.map((stage) => (
          <StageItem key={stage.name} stage={stage} />
        ))}
      </ol>
    </Page>
  );
}

function Facts({ delivery: { commit, ref, createdAt, state } }: { readonly delivery: ShownDelivery }) {
  return (
    <dl className="card">
      <dt>commit</dt>
      <dd>
        <Digest value={commit} />{" "}
        <Link to="/chain/$" params={{ _splat: commit }}>
          all that came of it
        </Link>
      </dd>
      <dt>reference</dt>
      <dd className="mono">{ref}</dd>
      <dt>begun</dt>
      <dd>
        <Moment at={createdAt} />
      </dd>
      {state.image !== undefined && (
        <>
          <dt>image</dt>
          <dd>
            <Digest value={state.image} />{" "}
            <Link to="/chain/$" params={{ _splat: state.image }}>
              its chain
            </Link>
          </dd>
        </>
      )}
    </dl>
  );
}

function Ending({ delivery: { phase, state, repository } }: { readonly delivery: ShownDelivery }) {
  const [first] = state.reasons;
  if (!first) return null;
  return (
    <>
      <Reasons reasons={state.reasons} state={verdictStates[phase] ?? "refused"} />
      <p>
        <strong>Next:</strong> {nextStepOf(first.code, repository)}
      </p>
    </>
  );
}

const stageWords: Readonly<Record<Stage["state"], string>> = {
  waiting: "not begun",
  working: "under way",
  done: "done",
  refused: "ended here",
};
const stageStates = {
  waiting: "undecided",
  working: "undecided",
  done: "verified",
  refused: "refused",
} as const;
const stageSigns = { waiting: "·", working: "◌", done: "✓", refused: "✕" } as const;

function StageItem({ stage }: { readonly stage: Stage }) {
  const { name, state, startedAt, finishedAt, lines, leftOut, outcome } = stage;
  return (
    <li className="card stage" data-state={stageStates[state]} data-stage={state}>
      <div className="row spread">
        <h2>
          <span className={state === "working" ? "turning sign" : "sign"} aria-hidden="true">
            {stageSigns[state]}
          </span>{" "}
          {name}
        </h2>
        <span className="quiet number">
          {stageWords[state]}
          {startedAt !== undefined && finishedAt !== undefined && `, ${lengthText(finishedAt - startedAt)}`}
        </span>
      </div>
      {outcome.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {lines.length > 0 && (
        <details open={state === "working" || state === "refused"}>
          <summary>
            {leftOut > 0 && "the last "}
            {lines.length} {lines.length === 1 ? "line" : "lines"}
            {leftOut > 0 && ` of ${lines.length + leftOut}`} of output
          </summary>
          <pre className="output" tabIndex={0}>
            {lines.join("\n")}
          </pre>
        </details>
      )}
    </li>
  );
}
