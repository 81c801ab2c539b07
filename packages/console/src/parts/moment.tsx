import { agoText } from "./time-text.ts";

/** An instant: how long ago for people, when exactly for whoever points at it. */
export function Moment({ at }: { readonly at: number | string }) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <span className="number">{String(at).slice(0, 40)}</span>;
  const iso = date.toISOString();
  return (
    <time dateTime={iso} title={iso} className="number">
      {agoText(date.getTime(), Date.now())}
    </time>
  );
}
