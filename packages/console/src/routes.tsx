import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";

import { prepareChain } from "./chain/prepare-chain.ts";
import { Frame, Lost } from "./frame.tsx";
import { Trouble } from "./parts/notices.tsx";
import { Page } from "./parts/page.tsx";
import {
  chainSearch,
  decisionSearch,
  logSearch,
  signInSearch,
  tileSearch,
  whichLog,
} from "./search-shapes.ts";

const rootRoute = createRootRoute({ component: Frame, notFoundComponent: Lost });
const under = { getParentRoute: () => rootRoute };

const routes = [
  createRoute({
    ...under,
    path: "/",
    component: lazyRouteComponent(() => import("./home/home-view.tsx"), "HomeView"),
  }),
  createRoute({
    ...under,
    path: "/sign-in",
    validateSearch: signInSearch,
    component: lazyRouteComponent(() => import("./session/sign-in-view.tsx"), "SignInView"),
  }),
  createRoute({
    ...under,
    path: "/chain/$",
    loader: ({ params: { _splat = "" } }) => prepareChain(_splat),
    validateSearch: chainSearch,
    component: lazyRouteComponent(() => import("./chain/chain-view.tsx"), "ChainView"),
  }),
  createRoute({
    ...under,
    path: "/deliveries",
    component: lazyRouteComponent(() => import("./deliveries/deliveries-view.tsx"), "DeliveriesView"),
  }),
  createRoute({
    ...under,
    path: "/deliveries/$id",
    component: lazyRouteComponent(() => import("./deliveries/delivery-view.tsx"), "DeliveryView"),
  }),
  createRoute({
    ...under,
    path: "/decisions",
    validateSearch: decisionSearch,
    component: lazyRouteComponent(() => import("./decisions/decisions-view.tsx"), "DecisionsView"),
  }),
  createRoute({
    ...under,
    path: "/decisions/$id",
    component: lazyRouteComponent(() => import("./decisions/decision-view.tsx"), "DecisionView"),
  }),
  createRoute({
    ...under,
    path: "/log",
    validateSearch: logSearch,
    component: lazyRouteComponent(() => import("./log/log-view.tsx"), "LogView"),
  }),
  createRoute({
    ...under,
    path: "/log/entries/$index",
    validateSearch: whichLog,
    component: lazyRouteComponent(() => import("./log/entry-view.tsx"), "EntryView"),
  }),
  createRoute({
    ...under,
    path: "/log/checkpoints",
    validateSearch: whichLog,
    component: lazyRouteComponent(() => import("./log/checkpoints-view.tsx"), "CheckpointsView"),
  }),
  createRoute({
    ...under,
    path: "/log/tiles",
    validateSearch: tileSearch,
    component: lazyRouteComponent(() => import("./log/tiles-view.tsx"), "TilesView"),
  }),
  createRoute({
    ...under,
    path: "/running",
    component: lazyRouteComponent(() => import("./running/running-view.tsx"), "RunningView"),
  }),
  createRoute({
    ...under,
    path: "/playground",
    component: lazyRouteComponent(() => import("./playground/playground-view.tsx"), "PlaygroundView"),
  }),
];

export const router = createRouter({
  routeTree: rootRoute.addChildren(routes),
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultErrorComponent: ({ error }) => (
    <Page title="trouble">
      <Trouble error={error} />
    </Page>
  ),
});
