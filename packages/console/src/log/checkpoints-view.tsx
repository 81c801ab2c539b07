import { Page } from "../parts/page.tsx";

export function CheckpointsView() {
  return <Page title="Log">…</Page>;
}
