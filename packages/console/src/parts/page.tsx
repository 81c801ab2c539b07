import type { ReactNode } from "react";
import { useEffect } from "react";

/** One view: its title in the tab, its content in the page. */
export function Page({
  title,
  wide = false,
  children,
}: {
  readonly title: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Custody`;
  }, [title]);
  return (
    <main id="view" className={wide ? "view wide" : "view"} tabIndex={-1}>
      <div className="stack">{children}</div>
    </main>
  );
}
