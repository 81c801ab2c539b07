import "./playground.css";

import { useRouterState } from "@tanstack/react-router";

import { Page } from "../parts/page.tsx";

/**
 * `/playground`: the Rego playground, in a frame with an origin of its own: what somebody else's link has it evaluate reaches
 * neither this page nor the server.
 */
export function PlaygroundView() {
  const hash = useRouterState({ select: ({ location }) => location.hash });
  return (
    <Page title="Playground" wide>
      <h1 className="heard">Playground</h1>
      <iframe
        className="playground"
        title="Rego playground"
        sandbox="allow-scripts allow-downloads"
        src={`/playground/page${hash === "" ? "" : `#${hash}`}`}
      />
    </Page>
  );
}
