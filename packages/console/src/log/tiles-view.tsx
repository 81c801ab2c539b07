import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { tileWidth } from "custody/merkle";
import type { FormEvent } from "react";

import { Empty, Loading } from "../parts/notices.tsx";
import { verify } from "../verify/verifier-client.ts";
import { countText } from "./count-text.ts";
import { LogPage } from "./log-page.tsx";
import { NotVerified } from "./not-verified.tsx";
import { TileCard } from "./tile-card.tsx";
import { levelsOf } from "./tile-walk.ts";
import type { TileLevel, TileName } from "./tile-walk.ts";
import { useLog } from "./use-log.ts";
import type { LookedAtLog } from "./use-log.ts";

/** `/log/tiles`: the log's tree, tile by tile. */
export function TilesView() {
  const log = useLog();
  const { level, index }: { level?: number; index?: number } = useSearch({ strict: false });
  return (
    <LogPage title="Tiles" log={log}>
      {({ checkpoint: { size, note } }) => {
        if (size === 0) return <NoTiles />;
        const levels = levelsOf(size);
        const tile = { level: level ?? levels.at(-1)?.level ?? 0, index: index ?? 0 };
        return (
          <>
            <Levels log={log} levels={levels} tile={tile} />
            <Tile log={log} tile={tile} checkpoint={note} size={size} />
          </>
        );
      }}
    </LogPage>
  );
}

function NoTiles() {
  return (
    <Empty title="The log has no tiles yet">
      <p>
        Its first entry makes the first one: every delivery logs some. See{" "}
        <Link to="/deliveries">deliveries</Link>.
      </p>
    </Empty>
  );
}

interface LevelsProps {
  readonly log: LookedAtLog;
  readonly levels: readonly TileLevel[];
  readonly tile: TileName;
}

function Levels({ log: { origin }, levels, tile }: LevelsProps) {
  return (
    <section className="card stack" aria-labelledby="levels">
      <h2 id="levels">Levels of the tree</h2>
      <ul className="levels">
        {levels.toReversed().map(({ level, hashes, tiles, lastWidth }) => (
          <li key={level}>
            <Link
              to="/log/tiles"
              search={{ log: origin, level, index: 0 }}
              aria-current={level === tile.level ? "true" : undefined}
            >
              level {level}
            </Link>{" "}
            <span className="quiet">
              {countText(hashes, "hash", "hashes")} of {countText(tileWidth ** level, "entry", "entries")}{" "}
              each, in {countText(tiles, "tile", "tiles")}, the last with {lastWidth}
            </span>
          </li>
        ))}
      </ul>
      <GoTo key={`${tile.level} ${tile.index}`} origin={origin} levels={levels} tile={tile} />
    </section>
  );
}

interface GoToProps {
  readonly origin: string | undefined;
  readonly levels: readonly TileLevel[];
  readonly tile: TileName;
}

function GoTo({ origin, levels, tile }: GoToProps) {
  const navigate = useNavigate();
  const go = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [level, index] = [Number(form.get("level")), Number(form.get("index"))];
    void navigate({ to: "/log/tiles", search: { log: origin, level, index } });
  };
  return (
    <form className="row searching" aria-label="go to a tile" onSubmit={go}>
      <label>
        level
        <select name="level" defaultValue={tile.level}>
          {levels.map(({ level }) => (
            <option key={level}>{level}</option>
          ))}
        </select>
      </label>
      <label>
        tile
        <input
          name="index"
          type="number"
          min={0}
          max={Number.MAX_SAFE_INTEGER}
          required
          defaultValue={tile.index}
        />
      </label>
      <button type="submit">Show</button>
    </form>
  );
}

interface TileProps {
  readonly log: LookedAtLog;
  readonly tile: TileName;
  readonly checkpoint: string;
  readonly size: number;
}

function Tile({ log, tile, checkpoint, size }: TileProps) {
  const { origin, trust } = log;
  const { texts } = trust;
  const { data, error } = useQuery({
    queryKey: ["log", "tile", tile, origin, checkpoint, texts],
    queryFn: () =>
      texts
        ? verify({ kind: "log-tile", ...tile, origin, trust: texts, checkpoint }, "log-tile")
        : Promise.reject(new Error("no trust yet")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <NotVerified what={`tile ${tile.index} of level ${tile.level}`} error={error} />;
  if (!data) return <Loading what="the tile" />;
  return <TileCard report={data} origin={origin} size={size} />;
}
