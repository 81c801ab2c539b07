import { useInfiniteQuery } from "@tanstack/react-query";

import { deliveriesPages } from "../api/queries.ts";
import { Empty, Loading, Trouble } from "../parts/notices.tsx";
import { Page } from "../parts/page.tsx";
import { DeliveryTable } from "./delivery-table.tsx";

/** `/deliveries`: all of them, the newest first. */
export function DeliveriesView() {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(deliveriesPages);
  const deliveries = data?.pages.flat();
  return (
    <Page title="Deliveries">
      <h1>Deliveries</h1>
      {error && <Trouble error={error} />}
      {!deliveries && !error && <Loading what="the deliveries" />}
      {deliveries?.length === 0 && (
        <Empty title="Nothing was delivered yet">
          <p>
            In a git repository with a custody.yaml: <code>custody policy set</code>, then{" "}
            <code>custody deliver</code>.
          </p>
        </Empty>
      )}
      {deliveries && deliveries.length > 0 && <DeliveryTable deliveries={deliveries} />}
      {hasNextPage && (
        <div>
          <button type="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            older ones
          </button>
        </div>
      )}
    </Page>
  );
}
