import { useInfiniteQuery } from "@tanstack/react-query";

import { deliveriesPages } from "../api/queries.ts";
import { Page } from "../parts/page.tsx";
import { Paged } from "../parts/paged.tsx";
import { DeliveryTable, NoDeliveries } from "./delivery-table.tsx";

/** `/deliveries`: all of them, the newest first. */
export function DeliveriesView() {
  const pages = useInfiniteQuery(deliveriesPages);
  return (
    <Page title="Deliveries">
      <h1>Deliveries</h1>
      <Paged pages={pages} what="the deliveries" empty={<NoDeliveries />}>
        {(deliveries) => <DeliveryTable deliveries={deliveries} />}
      </Paged>
    </Page>
  );
}
