import type { ChangeEvent } from "react";
import { useState } from "react";

import { Moment } from "../parts/moment.tsx";
import { Trouble } from "../parts/notices.tsx";
import { shortDigest } from "../parts/digest.tsx";
import { forgetTrust, keepTrust } from "./kept-trust.ts";
import { useIdle } from "../parts/use-idle.ts";
import { OtherRoot } from "./other-root.tsx";
import { useTrustReport } from "./trust.ts";
import type { Trust } from "./trust.ts";
import { verify } from "./verifier-client.ts";

const maxRootBytes = 8 * 1024 * 1024;

/** Whom this browser trusts, since when, and how to have it trust another. */
export function TrustNote({ trust }: { readonly trust: Trust }) {
  const { texts, kept, other } = trust;
  const isIdle = useIdle();
  const report = useTrustReport(isIdle ? texts : undefined);
  return (
    <section id="trust" className="stack" aria-label="whom this browser trusts">
      {other && texts && <OtherRoot kept={texts} other={other} />}
      <details className="card">
        <summary>
          Verified against the trusted root {report.data && <code>{shortDigest(report.data.revision)}</code>}
          {kept && (
            <>
              {" "}
              of {kept.source === "user" ? "your own file" : "this server"}, kept since{" "}
              <Moment at={kept.since} />
            </>
          )}
        </summary>
        <div className="stack">
          {report.error && <Trouble error={report.error} />}
          {report.data && (
            <dl>
              <dt>revision</dt>
              <dd>
                <code>{report.data.revision}</code>
              </dd>
              <dt>certificates by</dt>
              <dd>{report.data.authorities.join(", ")}</dd>
              <dt>logs</dt>
              <dd>{report.data.logs.join(", ")}</dd>
              <dt>timestamps by</dt>
              <dd>{report.data.timestampAuthorities.join(", ")}</dd>
              <dt>witnesses</dt>
              <dd>{report.data.witnesses.join(", ") || "none are asked for"}</dd>
            </dl>
          )}
          <OwnRoot />
        </div>
      </details>
    </section>
  );
}

function OwnRoot() {
  const [error, setError] = useState<unknown>();
  const read = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const [file] = event.target.files ?? [];
    if (!file) return;
    try {
      if (file.size > maxRootBytes) throw new Error("the file is too large to be a trusted root");
      const texts = { root: await file.text(), witnesses: undefined };
      await verify({ kind: "trust", trust: texts }, "trust");
      keepTrust(texts, "user");
      setError(undefined);
    } catch (fault) {
      setError(fault);
    }
  };
  return (
    <>
      <p className="quiet">
        The first root that this server showed is kept. To believe it nothing at all, give the
        trusted_root.json that you have from elsewhere.
      </p>
      <div className="row">
        <label>
          a trusted root of your own
          <input type="file" accept=".json,application/json" onChange={(event) => void read(event)} />
        </label>
        <button type="button" onClick={() => forgetTrust()}>
          forget, and trust what the server shows
        </button>
      </div>
      {error !== undefined && <Trouble error={error} />}
    </>
  );
}
