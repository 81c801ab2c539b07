import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { tileWidth } from "custody/merkle";

import { Digest } from "../parts/digest.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Loading } from "../parts/notices.tsx";
import { SignatureList } from "../parts/signature-list.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { verify } from "../verify/verifier-client.ts";
import { WitnessNote } from "./checkpoint-line.tsx";
import { LogPage } from "./log-page.tsx";
import type { EntryReport, ShownSigner } from "./messages.ts";
import { NotVerified } from "./not-verified.tsx";
import { ProofPath } from "./proof-path.tsx";
import { useLog } from "./use-log.ts";
import type { LookedAtLog } from "./use-log.ts";
import type { WatchedLog } from "./watch-log.ts";

/** `/log/entries/INDEX`: one entry, what it says, and its way to the root that the log signed. */
export function EntryView() {
  const { index: text = "" } = useParams({ strict: false });
  const log = useLog();
  const index = /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : undefined;
  return (
    <LogPage title={`Entry ${text.slice(0, 20)}`} log={log}>
      {({ checkpoint }) =>
        index === undefined || index >= checkpoint.size ? (
          <NoEntry size={checkpoint.size} />
        ) : (
          <Entry log={log} index={index} checkpoint={checkpoint} />
        )
      }
    </LogPage>
  );
}

function NoEntry({ size }: { readonly size: number }) {
  return (
    <Empty title="The log has no such entry">
      <p>{size === 0 ? "It has none yet." : `Its entries are those from 0 to ${size - 1}.`}</p>
    </Empty>
  );
}

interface EntryProps {
  readonly log: LookedAtLog;
  readonly index: number;
  readonly checkpoint: WatchedLog["checkpoint"];
}

function Entry({ log, index, checkpoint }: EntryProps) {
  const { origin, trust } = log;
  const { texts } = trust;
  const { data, error } = useQuery({
    queryKey: ["log", "entry", index, origin, checkpoint.note, texts],
    queryFn: () =>
      texts
        ? verify({ kind: "log-entry", index, origin, trust: texts, checkpoint: checkpoint.note }, "log-entry")
        : Promise.reject(new Error("no trust yet")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <>
      <Neighbours index={index} size={checkpoint.size} origin={origin} />
      {error && <NotVerified what={`entry ${index}`} error={error} />}
      {!data && !error && <Loading what="the entry and its proof" />}
      {data && <Shown report={data} />}
    </>
  );
}

interface NeighboursProps {
  readonly index: number;
  readonly size: number;
  readonly origin: string | undefined;
}

function Neighbours({ index, size, origin }: NeighboursProps) {
  const link = (to: number, name: string) => (
    <Link to="/log/entries/$index" params={{ index: String(to) }} search={{ log: origin }} className="button">
      {name}
    </Link>
  );
  return (
    <nav className="row" aria-label="entries beside this one">
      {index > 0 && link(index - 1, "← previous")}
      {index + 1 < size && link(index + 1, "next →")}
      <Link
        to="/log/tiles"
        search={{ log: origin, level: 0, index: Math.floor(index / tileWidth) }}
        className="button"
      >
        its tile
      </Link>
    </nav>
  );
}

function Shown({ report }: { readonly report: EntryReport }) {
  const { says, body, sizeBytes, checkpoint } = report;
  return (
    <>
      <section className="card stack">
        <h2>
          What it says <StateBadge state="verified">in the log, verified here</StateBadge>
        </h2>
        {says ? (
          <Says says={says} />
        ) : (
          <p className="quiet">It is no entry of a kind that is known here: {sizeBytes} bytes.</p>
        )}
        <details>
          <summary>The whole entry, {sizeBytes} bytes</summary>
          <pre>{body}</pre>
        </details>
      </section>
      <section className="card stack">
        <h2>Its way to the root</h2>
        <ProofPath report={report} />
      </section>
      <section className="card stack">
        <h2>Who signed the root</h2>
        <SignatureList signatures={checkpoint.signatures} />
        <WitnessNote witnessing={checkpoint.witnessing} />
        <details>
          <summary>The checkpoint</summary>
          <pre>{checkpoint.note}</pre>
        </details>
      </section>
    </>
  );
}

function Says({ says: { kind, digest, signers } }: { readonly says: NonNullable<EntryReport["says"]> }) {
  return (
    <dl>
      <dt>kind</dt>
      <dd>{kind}</dd>
      <dt>{kind === "dsse" ? "payload" : "signed"}</dt>
      <dd>
        <Digest value={digest} />{" "}
        <Link to="/log" search={{ by: "digest", value: digest }}>
          the attestation, and all entries of it
        </Link>
      </dd>
      {signers.map((signer) => (
        <Signer key={signer.key} signer={signer} />
      ))}
    </dl>
  );
}

function Signer({ signer: { key, identity, issuer, certifiedFrom } }: { readonly signer: ShownSigner }) {
  return (
    <>
      <dt>signed by</dt>
      <dd>
        {identity === undefined || issuer === undefined ? (
          "a key without a name"
        ) : (
          <Link to="/log" search={{ by: "identity", value: identity, issuer }} className="mono">
            {identity}
          </Link>
        )}
        {issuer !== undefined && (
          <div className="quiet">
            as <code>{issuer}</code> says
          </div>
        )}
      </dd>
      <dt>with the key</dt>
      <dd>
        <Link to="/log" search={{ by: "key", value: key }} className="mono">
          {key}
        </Link>
      </dd>
      {certifiedFrom !== undefined && (
        <>
          <dt>certified</dt>
          <dd>
            <Moment at={certifiedFrom} />
          </dd>
        </>
      )}
    </>
  );
}
