import { saveFile } from "../parts/save-file.ts";
import { Moment } from "../parts/moment.tsx";
import { withdraw } from "./alarm.ts";
import type { LogAlarm } from "./alarm.ts";
import { keptAlarms } from "./kept.ts";

/** What no honest log does, above everything else until somebody has dealt with it. */
export function LogAlarms() {
  const alarms = keptAlarms.use();
  return alarms.map((alarm) => <AlarmBanner key={`${alarm.before.note} ${alarm.now.note}`} alarm={alarm} />);
}

function AlarmBanner({ alarm }: { readonly alarm: LogAlarm }) {
  const { origin, message, at, before, now } = alarm;
  const forget = (): void => keptAlarms.change((all) => withdraw(all, alarm));
  return (
    <section role="alert" className="banner alarm" data-state="refused">
      <h2>
        <span aria-hidden="true">⚠</span> This log has two histories
      </h2>
      <p>
        <strong>{origin}</strong>: {message}. Seen <Moment at={at} />.
      </p>
      <p>
        The log signed both notes below, and no honest log can have both trees: that is proof against it for
        everybody. Keep them, do not rely on what this log proves, and show them to its operator and to
        whoever else watches it.
      </p>
      <NoteButtons origin={origin} before={before} now={now} />
      <div>
        <button type="button" onClick={forget}>
          I have dealt with it: take this alarm away
        </button>
      </div>
    </section>
  );
}

type NoteButtonsProps = Pick<LogAlarm, "origin" | "before" | "now">;

/** Both notes as files. */
export function NoteButtons({ origin, before, now }: NoteButtonsProps) {
  const rows = [
    ["before", before],
    ["now", now],
  ] as const;
  return (
    <div className="row">
      {rows.map(([when, { size, note }]) => (
        <button key={when} type="button" onClick={() => saveNote(note, `${origin}-${size}-${when}`)}>
          save the note of {size} entries ({when})
        </button>
      ))}
    </div>
  );
}

/** A signed note as a file. */
export function saveNote(note: string, name: string): void {
  saveFile(new Blob([note], { type: "text/plain" }), `${name}.txt`);
}
