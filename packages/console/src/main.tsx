import "./style/tokens.css";
import "./style/base.css";

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { ApiProblem } from "./api/problem.ts";
import { router } from "./routes.tsx";
import { applyTheme } from "./parts/theme.ts";

const maxRetries = 3;

applyTheme();
const client = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey: [kind] }) => {
      // The session has ended while the console was open: every view says so, and how to go on.
      if (kind !== "session" && error instanceof ApiProblem && error.status === 401)
        void client.invalidateQueries({ queryKey: ["session"] });
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

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
