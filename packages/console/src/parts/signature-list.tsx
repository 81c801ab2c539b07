import type { StepState, ShownSignature } from "custody/evidence";

import { Moment } from "./moment.tsx";

const words = {
  verified: { sign: "✓", said: "signed it" },
  undecided: { sign: "?", said: "is not known here" },
  refused: { sign: "✕", said: "did not sign this" },
} as const;

/** Who signed a checkpoint: the log, its witnesses and when, and whoever else stands there. */
export function SignatureList({ signatures }: { readonly signatures: readonly ShownSignature[] }) {
  return (
    <ul className="checks">
      {signatures.map((signature) => {
        const { name, keyId, role, time } = signature;
        const state = stateOf(signature);
        return (
          <li key={`${name} ${keyId}`} data-state={state}>
            <span aria-hidden="true">{words[state].sign}</span> {role} <code>{name}</code> {words[state].said}
            {time !== undefined && (
              <>
                {" "}
                <Moment at={time} />
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function stateOf({ role, holds }: ShownSignature): Extract<StepState, keyof typeof words> {
  if (holds) return "verified";
  return role === "unknown" ? "undecided" : "refused";
}
