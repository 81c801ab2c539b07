import type { DecisionStore, KeptDecision } from "@custody/node/console-store";
import { CustodyError, formatInstant } from "custody/ground";
import { gateNames } from "custody/policy";
import type { FastifyInstance } from "fastify";
import * as v from "valibot";

const maxLimit = 200;
const number = v.pipe(v.string(), v.regex(/^[0-9]{1,15}$/), v.transform(Number));
const word = v.pipe(v.string(), v.minLength(1), v.maxLength(300), v.excludes("\u0000"));
const listQuery = v.strictObject({
  gate: v.optional(v.picklist(gateNames)),
  repository: v.optional(word),
  verdict: v.optional(v.picklist(["allowed", "refused", "undecided"])),
  subject: v.optional(word),
  code: v.optional(word),
  after: v.optional(number),
  limit: v.optional(v.pipe(number, v.minValue(1), v.maxValue(maxLimit)), "50"),
});
const idParams = v.strictObject({ id: number });

/**
 * `GET /decisions?gate=&repository=&verdict=&subject=&code=&after=ID&limit=` and `GET /decisions/ID`, below the API: what the
 * gates have answered, newest first; one of them with the facts that it saw and the rules that were added.
 */
export function openDecisionsDoor(app: FastifyInstance, decisions: DecisionStore): void {
  app.get("/decisions", async (request) => {
    const query = v.safeParse(listQuery, request.query);
    if (!query.success) {
      const [issue] = query.issues;
      throw new CustodyError("api/request", `${v.getDotPath(issue) ?? "the query"}: ${issue.message}`);
    }
    return { decisions: (await decisions.list(query.output)).map(show) };
  });
  app.get("/decisions/:id", async (request) => {
    const params = v.safeParse(idParams, request.params);
    const found = params.success ? await decisions.find(params.output.id) : undefined;
    if (!found) {
      throw new CustodyError("api/not-found", "there is no such decision", {
        next: "the newest 10,000 are kept; list them with GET /api/v1/decisions",
      });
    }
    return show(found);
  });
}

function show({ firstAt, lastAt, ...decision }: KeptDecision): object {
  return { ...decision, firstAt: formatInstant(firstAt), lastAt: formatInstant(lastAt) };
}
