import { Loading, Trouble } from "../parts/notices.tsx";
import { keepTrust } from "./kept-trust.ts";
import type { TrustTexts } from "./messages.ts";
import { trustChanges } from "./trust-changes.ts";
import type { TrustChange, TrustedParty } from "./trust-changes.ts";
import { useTrustReport } from "./trust.ts";

interface OtherRootProps {
  readonly kept: TrustTexts;
  readonly other: TrustTexts;
}

/** That the server shows another trusted root by now: what it is by, and who came and went, before anybody trusts it. */
export function OtherRoot({ kept, other }: OtherRootProps) {
  const [before, now] = [useTrustReport(kept), useTrustReport(other)];
  const error = before.error ?? now.error;
  return (
    <div role="alert" className="banner" data-state="missing">
      <h2>The server shows another trusted root than the one this browser keeps</h2>
      <p>
        Keys that rotate and shards of the log that begin make a new one; so does somebody who took over the
        server. Compare its revision with what <code>custody trust show</code> prints on the server’s own
        machine, or ask its operator, before you trust it.
      </p>
      {error && <Trouble error={error} />}
      {!error && !(before.data && now.data) && <Loading what="the two roots" />}
      {before.data && now.data && (
        <>
          <dl>
            <dt>kept</dt>
            <dd>
              <code>{before.data.revision}</code>
            </dd>
            <dt>shown now</dt>
            <dd>
              <code>{now.data.revision}</code>
            </dd>
          </dl>
          <Changes changes={trustChanges(before.data.parties, now.data.parties)} />
          <div>
            <button type="button" onClick={() => keepTrust(other, "server")}>
              trust the new one
            </button>
          </div>
        </>
      )}
    </div>
  );
}

const words: Readonly<Record<TrustChange["kind"], string>> = {
  went: "no longer trusted",
  came: "trusted anew",
  "other time": "trusted for another time",
};

function Changes({ changes }: { readonly changes: readonly TrustChange[] }) {
  if (changes.length === 0) return <p>It names the same, by the same keys; other details differ.</p>;
  return (
    <ul aria-label="what is another">
      {changes.map(({ kind, party }) => (
        <li key={`${kind} ${partyKey(party)}`}>
          {words[kind]}: {party.role} <bdi>{party.name}</bdi> <code>{party.fingerprint}</code> {party.period}
        </li>
      ))}
    </ul>
  );
}

function partyKey({ role, name, fingerprint, period }: TrustedParty): string {
  return JSON.stringify([role, name, fingerprint, period]);
}
