import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { decisionsPages } from "../api/queries.ts";
import { Empty } from "../parts/notices.tsx";
import { Page } from "../parts/page.tsx";
import { Paged } from "../parts/paged.tsx";
import type { DecisionSearch } from "../search-shapes.ts";
import { DecisionTable } from "./decision-table.tsx";

const gates = ["source", "build", "package", "publish", "admit", "running"];
const verdicts = ["allowed", "refused", "undecided"];

/** `/decisions`: every answer of every gate, narrowed by what the address says. */
export function DecisionsView() {
  const search: DecisionSearch = useSearch({ strict: false });
  const pages = useInfiniteQuery(decisionsPages(search));
  return (
    <Page title="Decisions">
      <h1>Decisions</h1>
      <Filters search={search} />
      <Paged pages={pages} what="the decisions" empty={<NoDecisions />}>
        {(decisions) => <DecisionTable decisions={decisions} />}
      </Paged>
    </Page>
  );
}

function NoDecisions() {
  return (
    <Empty title="No gate has decided anything like that">
      <p>Every delivery and every process is decided on; what runs is judged again every minute.</p>
    </Empty>
  );
}

function Filters({ search }: { readonly search: DecisionSearch }) {
  const navigate = useNavigate();
  const narrow = (name: keyof DecisionSearch, value: string): void => {
    const next = { ...search, [name]: value === "" ? undefined : value };
    void navigate({ to: "/decisions", search: next, replace: true });
  };
  const choice = (name: "gate" | "verdict", values: readonly string[]) => (
    <label>
      {name === "gate" ? "gate" : "answer"}
      <select value={search[name] ?? ""} onChange={({ target }) => narrow(name, target.value)}>
        <option value="">any</option>
        {values.map((value) => (
          <option key={value}>{value}</option>
        ))}
      </select>
    </label>
  );
  const word = (name: "repository" | "subject" | "code", title: string) => (
    <label>
      {title}
      <input
        key={search[name] ?? ""}
        defaultValue={search[name] ?? ""}
        maxLength={300}
        onBlur={({ target }) => narrow(name, target.value.trim())}
        onKeyDown={({ key, currentTarget }) => key === "Enter" && narrow(name, currentTarget.value.trim())}
      />
    </label>
  );
  return (
    <div className="row" role="group" aria-label="narrow the list">
      {choice("gate", gates)}
      {choice("verdict", verdicts)}
      {word("repository", "repository")}
      {word("subject", "commit or image")}
      {word("code", "reason code")}
    </div>
  );
}
