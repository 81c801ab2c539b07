import type { EntryReport, ShownStep } from "./messages.ts";

/** An inclusion proof as the steps it is: what stands left and right of each other, and the hash of both. */
export function ProofPath({ report }: { readonly report: EntryReport }) {
  const { index, leafHash, path, checkpoint } = report;
  const belows = [leafHash, ...path.map(({ result }) => result)];
  return (
    <ol className="steps">
      <li>
        <span className="quiet">the hash of entry {index}</span>
        <Hash value={leafHash} />
      </li>
      {path.map((step, i) => (
        <Step key={step.result} step={step} below={belows[i] ?? ""} />
      ))}
      <li data-state="verified">
        <strong>
          <span aria-hidden="true">✓</span> the root of {checkpoint.size} entries that the checkpoint names
        </strong>
        <Hash value={checkpoint.rootHash} />
      </li>
    </ol>
  );
}

function Step({
  step: { sibling, side, result },
  below,
}: {
  readonly step: ShownStep;
  readonly below: string;
}) {
  const own = <Hash key="own" value={below} name="from below" />;
  const other = <Hash key="other" value={sibling} name="given by the log" isGiven />;
  return (
    <li>
      <span className="pair">{side === "left" ? [other, own] : [own, other]}</span>
      <span className="quiet">together hash to</span>
      <Hash value={result} />
    </li>
  );
}

interface HashProps {
  readonly value: string;
  readonly name?: string;
  readonly isGiven?: boolean;
}

function Hash({ value, name, isGiven = false }: HashProps) {
  return (
    <span className="hash" data-given={isGiven}>
      {name !== undefined && <span className="quiet">{name}</span>}
      <code title={value}>{value}</code>
    </span>
  );
}
