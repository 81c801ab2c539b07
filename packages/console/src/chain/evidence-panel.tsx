import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ExplainedBundle, ShownInclusion } from "custody/evidence";
import type { PictureNode } from "custody/graph";

import { Digest } from "../parts/digest.tsx";
import { Moment } from "../parts/moment.tsx";
import { Loading, Reasons, Trouble } from "../parts/notices.tsx";
import { SignatureList } from "../parts/signature-list.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import type { BundleReport, TrustTexts } from "../verify/messages.ts";
import { verify } from "../verify/verifier-client.ts";
import { TakenBack } from "./taken-back.tsx";

interface EvidencePanelProps {
  readonly node: PictureNode;
  /** The node's bundle as the server sent it, base64. */
  readonly bundle: string | undefined;
  readonly trust: TrustTexts;
  readonly onClose: () => void;
}

/** What stands behind a node: the attestation in words, its proof as this browser worked it out, and as it came. */
export function EvidencePanel({ node, bundle, trust, onClose }: EvidencePanelProps) {
  return (
    <aside ref={bringIntoSight} className="evidence card stack" aria-label={`evidence of ${node.title}`}>
      <div className="row spread">
        <h2>{node.title}</h2>
        <button type="button" onClick={onClose} aria-label="close the evidence">
          ✕
        </button>
      </div>
      <div className="row">
        <StateBadge state={node.state} />
        {node.at !== undefined && <Moment at={node.at} />}
      </div>
      {(bundle === undefined || node.kind !== "hand-off") && <p>{node.detail}</p>}
      {node.reasons.length > 0 && <Reasons reasons={node.reasons} state={node.state} />}
      {bundle === undefined ? <NoBundle node={node} /> : <BundleEvidence bundle={bundle} trust={trust} />}
    </aside>
  );
}

// Where the picture is above the evidence, and not beside it, who selects a node is led to what they asked for.
function bringIntoSight(panel: HTMLElement | null): void {
  panel?.scrollIntoView({ block: "nearest" });
}

function NoBundle({ node: { kind, detail } }: { readonly node: PictureNode }) {
  if (kind === "signer")
    return <p className="quiet">The commit itself carries this signature: see the step source.</p>;
  if (kind === "log") return <Link to="/log/checkpoints">The log’s checkpoints</Link>;
  if (kind === "image") return <Digest value={detail} />;
  return <p className="quiet">There is no attestation to show.</p>;
}

function BundleEvidence({ bundle, trust }: { readonly bundle: string; readonly trust: TrustTexts }) {
  const { data, error } = useQuery({
    queryKey: ["explained", bundle, trust],
    queryFn: () => verify({ kind: "explain", bundle, trust }, "bundle", "unreadable"),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  if (error) return <Trouble error={error} />;
  if (!data) return <Loading what="the proof" />;
  return (
    <>
      {data.kind === "bundle" ? (
        <Explained explained={data.explained} trust={trust} />
      ) : (
        <Reasons
          reasons={[{ code: data.code, subject: "the bundle", message: data.message }]}
          state="undecided"
        />
      )}
      <Raw report={data} />
    </>
  );
}

interface ExplainedProps {
  readonly explained: ExplainedBundle;
  readonly trust: TrustTexts;
}

function Explained({ explained, trust }: ExplainedProps) {
  const { rendering, identity, certificates, checks, inclusion, predicateType, subject } = explained;
  return (
    <>
      <p className="rendering">{rendering}</p>
      <dl>
        <dt>signed as</dt>
        <dd className="mono">{identity}</dd>
        <dt>says</dt>
        <dd className="mono">{predicateType}</dd>
        <dt>about</dt>
        <dd>
          {subject.map(({ name, digest }) => (
            <div key={`${name} ${Object.values(digest).join(" ")}`}>
              {name} <Digest value={Object.entries(digest).map((one) => one.join(":"))[0] ?? ""} />
            </div>
          ))}
        </dd>
      </dl>
      <TakenBack key={explained.payload} payload={explained.payload} trust={trust} />
      <details open>
        <summary>
          Checks made in this browser: {checks.filter(({ holds }) => holds).length} of {checks.length} hold
        </summary>
        <ul className="checks">
          {checks.map(({ code, says, holds, message }) => (
            <li key={code} data-state={holds ? "verified" : "refused"}>
              <span aria-hidden="true">{holds ? "✓" : "✕"}</span>
              <span className="heard">{holds ? "holds:" : "fails:"}</span> {says}
              {!holds && (
                <p>
                  <code>{code}</code>: {message}
                </p>
              )}
            </li>
          ))}
        </ul>
      </details>
      <Certificates certificates={certificates} />
      {inclusion && <Inclusion inclusion={inclusion} />}
    </>
  );
}

function Certificates({ certificates }: Pick<ExplainedBundle, "certificates">) {
  return (
    <details>
      <summary>Certificates</summary>
      <ol className="certificates">
        {certificates.map(({ names, issuer, start, end, key, serial }) => (
          <li key={serial}>
            <div className="mono">{names.join(", ") || "an authority without a name"}</div>
            <div className="quiet">
              {key}, from <Moment at={start} />
              {end !== undefined && (
                <>
                  {" "}
                  to <Moment at={end} />
                </>
              )}
              {issuer !== undefined && <>, vouched for by {issuer}</>}
            </div>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Inclusion({ inclusion }: { readonly inclusion: ShownInclusion }) {
  const { origin, index, treeSize, leafHash, path, computedRoot, claimedRoot, checkpoint, signatures } =
    inclusion;
  const meets = computedRoot === claimedRoot;
  return (
    <>
      <details>
        <summary>
          Entry {index} of {origin ?? "a log that is not trusted"}
        </summary>
        <ol className="path">
          <li>
            the entry’s hash <code>{leafHash}</code>
          </li>
          {path.map(({ sibling, side, result }) => (
            <li key={result}>
              with <code>{sibling}</code> on its {side} makes <code>{result}</code>
            </li>
          ))}
          <li data-state={meets ? "verified" : "refused"}>
            {meets ? "is the root" : "is not the root"} of {treeSize} entries that the checkpoint names{" "}
            <code>{claimedRoot}</code>
          </li>
        </ol>
        {origin !== undefined && (
          <Link to="/log/entries/$index" params={{ index: String(index) }} search={{ log: origin }}>
            the entry in the log
          </Link>
        )}
      </details>
      <details>
        <summary>Checkpoint and cosignatures</summary>
        <pre>{checkpoint}</pre>
        <SignatureList signatures={signatures} />
      </details>
    </>
  );
}

function Raw({ report }: { readonly report: BundleReport }) {
  return (
    <>
      {report.kind === "bundle" && (
        <details>
          <summary>What it says, as it came</summary>
          <pre>{JSON.stringify(report.explained.predicate, undefined, 2)}</pre>
        </details>
      )}
      <details>
        <summary>The whole bundle</summary>
        <pre>{pretty(report.raw)}</pre>
      </details>
    </>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}
