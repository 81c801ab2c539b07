import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useCallback, useEffect, useState } from "react";

import { sessionQuery, signIn } from "../api/queries.ts";
import { Empty, Loading, Trouble } from "../parts/notices.tsx";
import { Page } from "../parts/page.tsx";
import { ownPath } from "./own-path.ts";

/** `/sign-in#SECRET`: turns the link into a session, once. */
export function SignInView() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data, error: signedOut, isPending } = useQuery(sessionQuery);
  const session = signedOut ? undefined : data;
  const { to } = useSearch({ strict: false });
  const [error, setError] = useState<unknown>();
  const redeem = useCallback(
    async (link: string): Promise<void> => {
      try {
        const session = await signIn(link);
        // An answer that is still on its way is of before.
        await client.cancelQueries();
        client.setQueryData(sessionQuery.queryKey, session);
        await navigate({ to: ownPath(to), replace: true });
        await client.invalidateQueries({ predicate: ({ queryKey: [kind] }) => kind !== "session" });
      } catch (fault) {
        setError(fault);
      }
    },
    [client, navigate, to],
  );
  useEffect(() => {
    const link = location.hash.slice(1);
    if (link === "") return;
    // The secret leaves the address, and the history with it, before anything else happens.
    history.replaceState(history.state, "", location.pathname);
    void redeem(link);
  }, [redeem]);
  return (
    <Page title="sign in">
      <h1>Sign in</h1>
      {error !== undefined && <Trouble error={error} />}
      {isPending && <Loading what="the session" />}
      {session ? (
        <Empty title="You are signed in">
          <p>
            Go to <Link to="/">the overview</Link>
            {to !== undefined && (
              <>
                , or <Link to={ownPath(to)}>back to where you were</Link>
              </>
            )}
            .
          </p>
        </Empty>
      ) : (
        <LinkForm onRedeem={(link) => void redeem(link)} />
      )}
    </Page>
  );
}

function LinkForm({ onRedeem }: { readonly onRedeem: (link: string) => void }) {
  const [link, setLink] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onRedeem(link.trim().split("#").at(-1) ?? "");
  };
  return (
    <Empty title="This console asks for a link that signs in once">
      <p>
        The server prints one when it starts. For another, run <code>custody console</code> where its
        directory is, and open what it prints.
      </p>
      <form className="row" onSubmit={submit}>
        <input
          type="password"
          autoComplete="off"
          aria-label="the sign-in link"
          placeholder="or put the link here"
          value={link}
          onChange={({ target }) => setLink(target.value)}
          maxLength={500}
        />
        <button type="submit" className="main">
          Sign in
        </button>
      </form>
    </Empty>
  );
}
