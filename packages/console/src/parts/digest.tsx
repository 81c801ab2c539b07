import { useState } from "react";

const shortLength = 12;
const shownMilliseconds = 1500;

/** The beginning of a digest or a commit, its whole for whoever asks; copied by a click. */
export function Digest({ value }: { readonly value: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard?.writeText(value);
    setCopied(true);
    setTimeout(() => setCopied(false), shownMilliseconds);
  };
  return (
    <span className="digest">
      <code title={value}>{shortDigest(value)}</code>
      <button type="button" className="copy" onClick={() => void copy()} aria-label={`copy ${value}`}>
        {isCopied ? "copied" : "copy"}
      </button>
    </span>
  );
}

/** `sha256:` and so much that people tell two apart. */
export function shortDigest(value: string): string {
  const [algorithm, hex] = value.includes(":") ? value.split(":") : [undefined, value];
  const short = (hex ?? "").slice(0, shortLength);
  return algorithm === undefined || algorithm === "gitCommit" ? short : `${algorithm}:${short}`;
}
