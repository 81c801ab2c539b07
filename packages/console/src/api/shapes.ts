import * as v from "valibot";

/* What the server answers with. Everything in it is text of strangers until a proof says otherwise. */

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const instant = v.number();

const reasonShape = v.object({ code: v.string(), subject: v.string(), message: v.string() });
export type ShownReason = v.InferOutput<typeof reasonShape>;

export const deliveryShape = v.object({
  id: v.string(),
  repository: v.string(),
  commit: v.string(),
  ref: v.string(),
  phase: v.string(),
  createdAt: instant,
  state: v.object({
    image: v.optional(v.string()),
    attestations: v.optional(v.array(v.string()), []),
    reasons: v.optional(v.array(reasonShape), []),
    steps: v.optional(v.record(v.string(), v.array(v.looseObject({}))), {}),
    stemcells: v.optional(v.record(v.string(), v.string()), {}),
  }),
});
export type ShownDelivery = v.InferOutput<typeof deliveryShape>;
export const deliveriesShape = v.object({ deliveries: v.array(deliveryShape) });

export const eventShape = v.object({
  number: count,
  phase: v.string(),
  kind: v.picklist(["started", "progress", "finished"]),
  message: v.string(),
  at: instant,
});
export type ShownEvent = v.InferOutput<typeof eventShape>;

const workloadShape = v.object({
  name: v.string(),
  image: v.string(),
  desired: v.picklist(["running", "stopped"]),
  process: v.optional(
    v.object({
      sandboxId: v.string(),
      pid: count,
      startedAt: instant,
      address: v.string(),
      image: v.string(),
    }),
  ),
  trouble: v.optional(v.string()),
});
export type ShownWorkload = v.InferOutput<typeof workloadShape>;
export const workloadsShape = v.object({ workloads: v.array(workloadShape) });

const ruleSetShape = v.object({
  scope: v.object({ kind: v.string(), name: v.string() }),
  modules: v.array(v.object({ file: v.string(), text: v.string() })),
});
export const decisionShape = v.object({
  id: count,
  gate: v.string(),
  repository: v.string(),
  subject: v.string(),
  verdict: v.picklist(["allowed", "refused", "undecided"]),
  reasons: v.array(reasonShape),
  facts: v.optional(v.unknown()),
  rules: v.array(ruleSetShape),
  gatesRevision: v.string(),
  firstAt: v.string(),
  lastAt: v.string(),
  times: count,
});
export type ShownDecision = v.InferOutput<typeof decisionShape>;
export const decisionsShape = v.object({ decisions: v.array(decisionShape) });

export const sessionShape = v.object({ expiresAt: v.string() });

/** The chains behind a word; read by the worker that verifies them. */
export const chainsShape = v.object({
  thing: v.string(),
  direction: v.picklist(["back", "forward"]),
  chains: v.array(
    v.object({ image: v.string(), repository: v.string(), policy: v.string(), bundles: v.array(v.string()) }),
  ),
  left: count,
  processes: v.array(workloadShape),
  deliveries: v.array(deliveryShape),
});
