import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useEffect, useState } from "react";

import { send } from "./api/ask-text.ts";
import { ApiProblem } from "./api/problem.ts";
import { followChanges } from "./api/live.ts";
import { followSignOut, tellSignOut } from "./session/sign-out.ts";
import { sessionQuery } from "./api/queries.ts";
import { AlarmMark } from "./log/alarm-mark.tsx";
import { Empty } from "./parts/notices.tsx";
import { Page } from "./parts/page.tsx";
import { useIdle } from "./parts/use-idle.ts";
import { applyTheme, readTheme } from "./parts/theme.ts";
import type { Theme } from "./parts/theme.ts";
import { TrustMark } from "./verify/trust-mark.tsx";

const sections = [
  ["/", "Overview"],
  ["/deliveries", "Deliveries"],
  ["/running", "Running"],
  ["/decisions", "Decisions"],
  ["/log", "Log"],
  ["/playground", "Playground"],
] as const;

const themes: readonly Theme[] = ["system", "light", "dark"];

/** What stands around every view: the sections, the search for a chain, the theme, signing out. */
export function Frame() {
  const client = useQueryClient();
  const { data: session, error } = useQuery(sessionQuery);
  const isSignedIn = session !== undefined;
  useSignInWhen(error instanceof ApiProblem && error.status === 401);
  const [isConnected, setConnected] = useState(true);
  const isFollowing = useIdle() && isSignedIn;
  useEffect(() => (isFollowing ? followChanges(client, setConnected) : undefined), [client, isFollowing]);
  useEffect(() => followSignOut(client), [client]);
  return (
    <div className="frame">
      <header className="top">
        <a className="skip" href="#view">
          skip to the content
        </a>
        <Link to="/" className="brand">
          Custody
        </Link>
        <nav aria-label="sections">
          {sections.map(([to, name]) => (
            <Link key={to} to={to} activeOptions={{ exact: to === "/" }}>
              {name}
            </Link>
          ))}
        </nav>
        <AlarmMark />
        {isSignedIn && <TrustMark />}
        <ChainSearch />
        <div className="row">
          <ThemeChoice />
          {isSignedIn && <SignOut />}
        </div>
      </header>
      {isSignedIn && !isConnected && (
        <p role="status" className="strip" data-state="missing">
          The server does not answer: what is shown is as it was. It is tried again until it does.
        </p>
      )}
      <Outlet />
    </div>
  );
}

// Who is not signed in is led to where they can, and back to where they were.
function useSignInWhen(isSignedOut: boolean): void {
  const navigate = useNavigate();
  const { pathname, href } = useRouterState({ select: ({ location }) => location });
  const isElsewhere = pathname !== "/sign-in";
  useEffect(() => {
    if (isSignedOut && isElsewhere) void navigate({ to: "/sign-in", search: { to: href }, replace: true });
  }, [isSignedOut, isElsewhere, href, navigate]);
}

/** There is no such view. */
export function Lost() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <Page title="not found">
      <Empty title={`There is no view at ${path}`}>
        <p>
          Begin at <Link to="/">the overview</Link>, or name a digest, a tag, a commit, a workload or a pid
          above.
        </p>
      </Empty>
    </Page>
  );
}

function ChainSearch() {
  const navigate = useNavigate();
  const [word, setWord] = useState("");
  const search = (event: FormEvent): void => {
    event.preventDefault();
    const thing = word.trim();
    if (thing !== "") void navigate({ to: "/chain/$", params: { _splat: thing } });
  };
  return (
    <form role="search" onSubmit={search}>
      <input
        type="search"
        value={word}
        onChange={({ target }) => setWord(target.value)}
        aria-label="show the chain of a digest, tag, commit, workload or pid"
        placeholder="digest, tag, commit, workload or pid"
        maxLength={500}
      />
      <button type="submit">Show chain</button>
    </form>
  );
}

function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(readTheme);
  const choose = (next: Theme): void => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <select aria-label="theme" value={theme} onChange={({ target }) => choose(target.value as Theme)}>
      {themes.map((one) => (
        <option key={one}>{one}</option>
      ))}
    </select>
  );
}

function SignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async (): Promise<void> => {
    await send("/api/v1/session", { method: "DELETE" });
    tellSignOut();
    client.clear();
    await navigate({ to: "/sign-in" });
  };
  const [fault, setFault] = useState<unknown>();
  return (
    <>
      <button type="button" onClick={() => void leave().catch(setFault)}>
        Sign out
      </button>
      {fault !== undefined && <span role="alert">not signed out: the server does not answer</span>}
    </>
  );
}
