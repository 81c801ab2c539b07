import { useQuery } from "@tanstack/react-query";

import { deliveriesQuery } from "../api/queries.ts";
import { Empty, Loading, Trouble } from "../parts/notices.tsx";
import { Page } from "../parts/page.tsx";
import { DeliveryTable } from "./delivery-table.tsx";

/** `/deliveries`: the newest hundred. */
export function DeliveriesView() {
  const { data, error } = useQuery(deliveriesQuery);
  return (
    <Page title="Deliveries">
      <h1>Deliveries</h1>
      {error && <Trouble error={error} />}
      {!data && !error && <Loading what="the deliveries" />}
      {data?.length === 0 && (
        <Empty title="Nothing was delivered yet">
          <p>
            In a git repository with a custody.yaml: <code>custody policy set</code>, then{" "}
            <code>custody deliver</code>.
          </p>
        </Empty>
      )}
      {data && data.length > 0 && <DeliveryTable deliveries={data} />}
    </Page>
  );
}
