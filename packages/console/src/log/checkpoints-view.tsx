import { SignatureList } from "../parts/signature-list.tsx";
import { saveNote } from "./alarm-banner.tsx";
import { WitnessNote } from "./checkpoint-line.tsx";
import { LogPage } from "./log-page.tsx";
import type { CheckpointReport } from "./messages.ts";
import { SeenCheckpoints } from "./seen-checkpoints.tsx";
import { useLog } from "./use-log.ts";

/** `/log/checkpoints`: what the log says it is, who agrees, and that it is still the log that this browser saw before. */
export function CheckpointsView() {
  const log = useLog();
  return (
    <LogPage title="Checkpoints" log={log}>
      {({ checkpoint }) => (
        <>
          <Current checkpoint={checkpoint} />
          <SeenCheckpoints log={log} current={checkpoint} />
        </>
      )}
    </LogPage>
  );
}

function Current({ checkpoint }: { readonly checkpoint: CheckpointReport }) {
  const { origin, size, rootHash, note, signatures, witnessing } = checkpoint;
  return (
    <section className="card stack" aria-labelledby="current">
      <div className="row spread">
        <h2 id="current">The checkpoint now</h2>
        <button type="button" onClick={() => saveNote(note, `${origin}-${size}`)}>
          save the note
        </button>
      </div>
      <dl>
        <dt>entries</dt>
        <dd className="number">{size}</dd>
        <dt>root</dt>
        <dd>
          <code>{rootHash}</code>
        </dd>
      </dl>
      <h3>Signatures</h3>
      <SignatureList signatures={signatures} />
      <WitnessNote witnessing={witnessing} />
      <details>
        <summary>The note as it came</summary>
        <pre>{note}</pre>
      </details>
    </section>
  );
}
