import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { client } from "./api/client.ts";
import { router } from "./routes.tsx";
import { applyTheme } from "./parts/theme.ts";

applyTheme();
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);

const idleMilliseconds = 3000;

// A view that is there already opens also while the server does not answer.
setTimeout(() => {
  for (const route of Object.values(router.routesById))
    void router.loadRouteChunk(route)?.catch(() => undefined);
}, idleMilliseconds);
