import { Page } from "../parts/page.tsx";

export function LogView() {
  return <Page title="Log">…</Page>;
}
