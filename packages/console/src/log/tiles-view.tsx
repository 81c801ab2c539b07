import { Page } from "../parts/page.tsx";

export function TilesView() {
  return <Page title="Log">…</Page>;
}
