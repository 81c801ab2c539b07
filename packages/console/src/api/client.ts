import { QueryCache, QueryClient } from "@tanstack/react-query";

import { ApiProblem } from "./problem.ts";

const maxRetries = 3;

/** What is known of the server's answers, for every view. */
export const client = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey: [kind] }) => {
      // The session has ended while the console was open: it is asked for anew, and nothing of it is known until then.
      if (kind !== "session" && error instanceof ApiProblem && error.status === 401)
        void client.resetQueries({ queryKey: ["session"] });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (count, error) =>
        count < maxRetries && error instanceof ApiProblem && error.code === "console/offline",
    },
  },
});
