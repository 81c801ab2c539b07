import type { Witness, WitnessAnswer } from "custody/witness";
import { requestLimitBytes } from "custody/witness";
import type { FastifyInstance } from "fastify";

/** What goes back over HTTP. */
interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const text = "text/plain; charset=utf-8";
/** Half an hour stale at most would do (C2SP tlog-witness, Monitor Retrieval Mechanism). */
const briefly = "public, max-age=10";

/** The HTTP interface of a witness (C2SP tlog-witness): `POST /add-checkpoint` and `GET /<origin hash>/checkpoint`. */
export function openWitnessDoor(app: FastifyInstance, witness: Witness): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: requestLimitBytes }, (_request, body, done) =>
    done(null, body),
  );
  app.post("/add-checkpoint", async (request, reply) => {
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    const answer = replyOf(await witness.addCheckpoint(body));
    return reply.code(answer.status).type(answer.type).send(answer.body);
  });
  app.get<{ Params: { hash: string } }>("/:hash/checkpoint", async (request, reply) => {
    const note = await witness.findCheckpoint(request.params.hash);
    if (note === undefined) return reply.code(404).type(text).send("nothing of that log was cosigned here\n");
    return reply
      .type(text)
      .header("cache-control", briefly)
      .header("access-control-allow-origin", "*")
      .send(note);
  });
}

function replyOf(answer: WitnessAnswer): Reply {
  switch (answer.kind) {
    case "cosigned":
      return { status: 200, type: text, body: answer.lines };
    case "malformed":
      return { status: 400, type: text, body: `${answer.message}\n` };
    case "unsigned":
      return { status: 403, type: text, body: `invalid signature: ${answer.message}\n` };
    case "unknown-log":
      return { status: 404, type: text, body: "unknown log: it is none that this witness follows\n" };
    case "conflict":
      return { status: 409, type: "text/x.tlog.size", body: `${answer.size}\n` };
    case "inconsistent":
      return { status: 422, type: text, body: `no good consistency proof: ${answer.message}\n` };
    default:
      return answer satisfies never;
  }
}
