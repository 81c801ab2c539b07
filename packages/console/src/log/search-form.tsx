import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useState } from "react";

import { fromField, kindOf, searchKinds, toField } from "./search-address.ts";
import type { LogSearch } from "../search-shapes.ts";
import type { SearchKind } from "./search-address.ts";

/** Asks for one thing; what is asked stands in the address. */
export function SearchForm({ search }: { readonly search: LogSearch }) {
  const navigate = useNavigate();
  const [kind, setKind] = useState<SearchKind>(kindOf(search));
  const { example } = searchKinds.find(({ by }) => by === kind) ?? searchKinds[0];
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const asked = readForm(new FormData(event.currentTarget), kind);
    void navigate({ to: "/log", search: asked });
  };
  return (
    <form className="card row searching" role="search" aria-label="search the log" onSubmit={submit}>
      <label>
        by
        <select value={kind} onChange={({ target }) => setKind(target.value as SearchKind)}>
          {searchKinds.map(({ by, title }) => (
            <option key={by} value={by}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label className="wide">
        what
        <input name="value" required maxLength={4096} defaultValue={search.value} placeholder={example} />
      </label>
      {kind === "identity" && (
        <label className="wide">
          issuer
          <input
            name="issuer"
            required
            maxLength={4096}
            defaultValue={search.issuer}
            placeholder="https://…"
          />
        </label>
      )}
      <label>
        not before
        <input name="since" type="datetime-local" defaultValue={toField(search.since)} />
      </label>
      <label>
        not after
        <input name="until" type="datetime-local" defaultValue={toField(search.until)} />
      </label>
      <button type="submit" className="main">
        Search
      </button>
    </form>
  );
}

function readForm(form: FormData, by: SearchKind): LogSearch {
  const text = (name: string): string => {
    const value = form.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  return {
    by,
    value: text("value"),
    issuer: by === "identity" ? text("issuer") : undefined,
    since: fromField(text("since")),
    until: fromField(text("until")),
  };
}
