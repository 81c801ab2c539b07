import "./chain.css";

import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { ChainPicture } from "custody/graph";
import { useEffect, useState } from "react";

import { Empty, Loading, Reasons, Trouble } from "../parts/notices.tsx";
import { StateBadge, stateWords } from "../parts/state-badge.tsx";
import { shortDigest } from "../parts/digest.tsx";
import { Page } from "../parts/page.tsx";
import type { ChainsReport, TrustTexts } from "../verify/messages.ts";
import { isTold } from "../verify/hold-to-word.ts";
import { reportQuery } from "../verify/report-query.ts";
import { useTrust } from "../verify/trust.ts";
import { TrustNote } from "../verify/trust-note.tsx";
import { ChainGraph } from "./chain-graph.tsx";
import { ChainList } from "./chain-list.tsx";
import { EvidencePanel } from "./evidence-panel.tsx";
import { warmLayout } from "./layout-client.ts";
import { pictureSvg } from "./picture-svg.ts";
import { savePng, saveSvg } from "./save-picture.ts";
import { useIdle } from "../parts/use-idle.ts";
import { useNarrow } from "../parts/use-narrow.ts";
import { useLayout } from "./use-layout.ts";
import type { LaidOut } from "./use-layout.ts";
import type { ChainSearch } from "../search-shapes.ts";

/** `/chain/THING`: the way from commits and signers to processes, verified in this browser. */
export function ChainView() {
  const { _splat: thing = "" } = useParams({ strict: false });
  const trust = useTrust();
  const report = useQuery(reportQuery({ thing, trust: trust.texts }));
  const error = trust.error ?? report.error;
  return (
    <Page title={thing} wide>
      <div className="row">
        <h1>
          Chain of <span className="mono">{thing}</span>
        </h1>
        {report.data && <Standing report={report.data} />}
        {!report.data && !error && <StateBadge state="checking" />}
      </div>
      {error && <Trouble error={error} />}
      {thing === "" && <Empty title="Name a digest, a tag, a commit, a workload or a pid above" />}
      {!error && !report.data && thing !== "" && <Loading what="the chain and its proofs" />}
      {report.data && trust.texts && <Verified thing={thing} report={report.data} trust={trust.texts} />}
      {(report.data ?? error) && <TrustNote trust={trust} />}
      {report.data && report.data.pending > 0 && <Growing />}
    </Page>
  );
}

// The rest of a picture is on its way: where it will stand is asked for soon.
function Growing() {
  const isIdle = useIdle();
  useEffect(() => {
    if (isIdle) warmLayout();
  }, [isIdle]);
  return undefined;
}

/** One badge for each state that the chains are in. */
function Standing({ report: { chains, pending } }: { readonly report: ChainsReport }) {
  const byState = Map.groupBy(chains, ({ state }) => state);
  return (
    <>
      {[...byState].map(([state, { length }]) => (
        <StateBadge key={state} state={state}>
          {chains.length + pending > 1 ? `${length} ${stateWords[state].word}` : undefined}
        </StateBadge>
      ))}
      {pending > 0 && <StateBadge state="checking">{pending} checking</StateBadge>}
    </>
  );
}

function sentenceOf({ chains, pending, milliseconds }: ChainsReport): string {
  const whole = chains.filter(({ state }) => state === "verified");
  const [one] = whole;
  const time = pending > 0 ? "so far" : `in ${Math.round(milliseconds)} ms`;
  if (!one) return `Verified in this browser, ${time}: no chain holds.`;
  const which =
    chains.length + pending === 1
      ? `${one.repository} ${shortDigest(one.image)}`
      : `${whole.length} of ${chains.length + pending} chains`;
  return `${which}: every hand-off was verified in this browser, ${time}.`;
}

interface VerifiedProps {
  readonly thing: string;
  readonly report: ChainsReport;
  readonly trust: TrustTexts;
}

function Verified({ thing, report, trust }: VerifiedProps) {
  const { picture, chains, deliveries, left } = report;
  if (chains.length === 0) return <NoChain report={report} />;
  return (
    <>
      <p role="status" className="quiet">
        {sentenceOf(report)} {isTold(thing) && `Which image ${thing} stands for is the server’s word.`}
      </p>
      {chains.map(
        ({ image, state, reasons }) =>
          reasons.length > 0 && <Reasons key={image} reasons={reasons} state={state} />,
      )}
      {left > 0 && <p className="quiet">{left} more images came of this commit; the newest are shown.</p>}
      <Picture key={thing} thing={thing} picture={picture} bundles={report.bundles} trust={trust} />
      {deliveries.length > 0 && (
        <p className="row quiet">
          Deliveries:{" "}
          {deliveries.map(({ id, phase }) => (
            <Link key={id} to="/deliveries/$id" params={{ id }}>
              {phase}
            </Link>
          ))}
        </p>
      )}
    </>
  );
}

function NoChain({ report: { deliveries } }: { readonly report: ChainsReport }) {
  return (
    <Empty title="The server knows of no image that came of this">
      {deliveries.map(({ id, phase, reasons }) => (
        <div key={id} className="stack">
          <p>
            Its delivery{" "}
            <Link to="/deliveries/$id" params={{ id }}>
              {id}
            </Link>{" "}
            stands at {phase}.
          </p>
          <Reasons reasons={reasons} />
        </div>
      ))}
    </Empty>
  );
}

interface PictureProps {
  readonly thing: string;
  readonly picture: ChainPicture;
  readonly bundles: ChainsReport["bundles"];
  readonly trust: TrustTexts;
}

function Picture({ thing, picture, bundles, trust }: PictureProps) {
  const { laidOut, error } = useLayout(picture);
  const { node: selected, as } = useSearch({ strict: false });
  const navigate = useNavigate();
  const isNarrow = useNarrow();
  const isList = as === undefined ? isNarrow : as === "list";
  const select = (id: string | undefined): void => {
    void navigate({
      to: ".",
      search: (old: ChainSearch) => ({ ...old, node: id }),
      replace: selected !== undefined,
    });
  };
  const node = picture.nodes.find(({ id }) => id === selected);
  const choosing = { selected, onSelect: select };
  return (
    <section className="chain" aria-label="the chain" data-panel={node !== undefined}>
      <Toolbar thing={thing} picture={picture} laidOut={laidOut} isList={isList} />
      {isList ? (
        <ChainList {...choosing} picture={picture} places={laidOut?.places} />
      ) : error ? (
        <Trouble error={error} />
      ) : laidOut ? (
        <ChainGraph {...choosing} {...laidOut} />
      ) : (
        <Loading what="the picture" />
      )}
      {node && (
        <EvidencePanel
          key={node.id}
          node={node}
          bundle={node.bundle && bundles[node.bundle]}
          trust={trust}
          onClose={() => select(undefined)}
        />
      )}
    </section>
  );
}

interface ToolbarProps {
  readonly thing: string;
  readonly picture: ChainPicture;
  readonly laidOut: LaidOut | undefined;
  readonly isList: boolean;
}

function Toolbar({ thing, picture, laidOut, isList }: ToolbarProps) {
  const counts = Map.groupBy(picture.nodes, ({ state }) => state);
  const [fault, setFault] = useState<unknown>();
  const svg = (): string => (laidOut ? pictureSvg(laidOut.picture, laidOut.places) : "");
  return (
    <div className="row spread toolbar">
      <div className="row">
        {[...counts].map(([state, nodes]) => (
          <StateBadge key={state} state={state}>
            {nodes.length} {state}
          </StateBadge>
        ))}
      </div>
      <div className="row">
        <Link
          to="."
          search={(old: ChainSearch) => ({ ...old, as: isList ? "picture" : "list" })}
          className="button"
        >
          {isList ? "as a picture" : "as a list"}
        </Link>
        <button type="button" disabled={!laidOut} onClick={() => saveSvg(svg(), `chain-${thing}`)}>
          SVG
        </button>
        <button
          type="button"
          disabled={!laidOut}
          onClick={() => void savePng(svg(), `chain-${thing}`).catch(setFault)}
        >
          PNG
        </button>
      </div>
      {fault !== undefined && <Trouble error={fault} />}
    </div>
  );
}
