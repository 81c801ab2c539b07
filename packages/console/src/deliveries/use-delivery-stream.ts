import { useEffect, useState } from "react";
import * as v from "valibot";

import { deliveryShape, eventShape } from "../api/shapes.ts";
import type { ShownDelivery, ShownEvent } from "../api/shapes.ts";
import { followWhileVisible } from "../api/visible-stream.ts";

/** One delivery as its stream tells of it; `isLive` while it does. */
export interface DeliveryStream {
  readonly events: readonly ShownEvent[];
  readonly delivery: ShownDelivery | undefined;
  readonly isLive: boolean;
}

const nothing: DeliveryStream = { events: [], delivery: undefined, isLive: false };
const maxEvents = 4000;

/** Follows one delivery (server-sent events) until it ends; the browser connects again by itself, where it was. */
export function useDeliveryStream(id: string): DeliveryStream {
  const [known, setKnown] = useState<DeliveryStream>(nothing);
  useEffect(() => {
    setKnown(nothing);
    const end = followWhileVisible(`/api/v1/deliveries/${encodeURIComponent(id)}/stream`, {
      events: {
        progress: (data) => {
          const event = read(eventShape, data);
          if (event) setKnown((old) => ({ ...old, events: withEvent(old.events, event) }));
        },
        delivery: (data) => {
          const delivery = read(deliveryShape, data);
          if (delivery) setKnown((old) => ({ ...old, delivery }));
        },
        end: () => {
          end();
          setKnown((old) => ({ ...old, isLive: false }));
        },
      },
      onState: (isLive) => setKnown((old) => ({ ...old, isLive })),
    });
    return end;
  }, [id]);
  return known;
}

// What is told again after a break is known already.
function withEvent(events: readonly ShownEvent[], event: ShownEvent): readonly ShownEvent[] {
  const isKnown = (events.at(-1)?.number ?? -1) >= event.number;
  return isKnown ? events : [...events, event].slice(-maxEvents);
}

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  data: string,
): v.InferOutput<Schema> | undefined {
  const shape = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), data);
  return shape.success ? shape.output : undefined;
}
