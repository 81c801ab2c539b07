import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import type { DecisionSearch } from "../search-shapes.ts";
import { ask } from "./ask.ts";
import { askText, findText } from "./ask-text.ts";
import { api, rootPath, sessionPath, witnessPath } from "./paths.ts";
import {
  decisionShape,
  decisionsShape,
  deliveriesShape,
  deliveryShape,
  sessionShape,
  workloadsShape,
} from "./shapes.ts";

/* What the views ask the server for. Keys begin with what a change of it is called, see live.ts. */

/** As many as the server lists at once. */
const deliveriesPageSize = 100;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => ask(sessionPath, sessionShape, { signal }),
  retry: false,
  staleTime: 60_000,
});

/** Turns a sign-in link's secret into a session. */
export function signIn(link: string) {
  return ask(sessionPath, sessionShape, { method: "POST", body: JSON.stringify({ link }) });
}

export const deliveriesQuery = queryOptions({
  queryKey: ["delivery", "list"],
  queryFn: async ({ signal }) => (await ask(`${api}/deliveries`, deliveriesShape, { signal })).deliveries,
});

/** All deliveries, page by page. */
export const deliveriesPages = infiniteQueryOptions({
  queryKey: ["delivery", "pages"],
  queryFn: async ({ signal, pageParam }) => {
    const before = pageParam === undefined ? "" : `?before=${encodeURIComponent(pageParam)}`;
    return (await ask(`${api}/deliveries${before}`, deliveriesShape, { signal })).deliveries;
  },
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => (last.length === deliveriesPageSize ? last.at(-1)?.id : undefined),
});

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ["delivery", id],
    queryFn: ({ signal }) => ask(`${api}/deliveries/${encodeURIComponent(id)}`, deliveryShape, { signal }),
  });

export const workloadsQuery = queryOptions({
  queryKey: ["workload", "list"],
  queryFn: async ({ signal }) => (await ask(`${api}/workloads`, workloadsShape, { signal })).workloads,
});

const pageSize = 50;

async function askDecisions(search: Partial<DecisionSearch>, after: number | undefined, signal: AbortSignal) {
  const words = Object.entries({ ...search, after, limit: pageSize }).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  const path = `${api}/decisions?${new URLSearchParams(words).toString()}`;
  return (await ask(path, decisionsShape, { signal })).decisions;
}

/** The newest decisions. */
export const decisionsQuery = (search: Partial<DecisionSearch>) =>
  queryOptions({
    queryKey: ["decision", "newest", search],
    queryFn: ({ signal }) => askDecisions(search, undefined, signal),
  });

/** All decisions that are kept, page by page. */
export const decisionsPages = (search: Partial<DecisionSearch>) =>
  infiniteQueryOptions({
    queryKey: ["decision", "list", search],
    queryFn: ({ signal, pageParam }) => askDecisions(search, pageParam, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => (last.length === pageSize ? last.at(-1)?.id : undefined),
  });

export const decisionQuery = (id: string) =>
  queryOptions({
    queryKey: ["decision", id],
    queryFn: ({ signal }) => ask(`${api}/decisions/${encodeURIComponent(id)}`, decisionShape, { signal }),
  });

/** What the server says whom to trust; whether the browser does is its user's choice, see trust.ts. */
export const rootQuery = queryOptions({
  queryKey: ["root"],
  queryFn: async ({ signal }) => {
    const asked = [askText(rootPath, { signal }), findText(witnessPath)] as const;
    const [root, witnesses] = await Promise.all(asked);
    return { root, witnesses };
  },
  staleTime: 30_000,
});
