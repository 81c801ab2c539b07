import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fastifyCookie from "@fastify/cookie";
import type { SessionStore } from "@custody/node/console-store";
import { instantOf } from "custody/ground";
import type { Instant } from "custody/ground";
import { fastify } from "fastify";
import type { FastifyInstance } from "fastify";

import { problemOf } from "../problem.ts";
import { makeSignInLink, openSessionDoor } from "./session-door.ts";
import { Sessions } from "./sessions.ts";

const clock = { now: () => instantOf(Date.UTC(2026, 0, 1)) };

/** What the database keeps, for one process and without an end. */
function storeInMemory(): SessionStore {
  const links = new Set<string>();
  const sessions = new Map<string, Instant>();
  return {
    addLink: async (hash) => void links.add(hash),
    async redeem(link, { hash, expiresAt }) {
      if (!links.delete(link)) return false;
      sessions.set(hash, expiresAt);
      return true;
    },
    find: async (hash) => sessions.get(hash),
    end: async (hash) => void sessions.delete(hash),
  };
}

interface Opened {
  readonly app: FastifyInstance;
  readonly signIn: () => Promise<string>;
}

async function open(publicUrl: string): Promise<Opened> {
  const ports = { sessions: new Sessions(storeInMemory(), clock), publicUrl: () => publicUrl };
  const app = fastify();
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error);
    return reply.code(problem.status).send(problem);
  });
  await app.register(fastifyCookie);
  await app.register(async (door) => openSessionDoor(door, ports));
  const signIn = async (): Promise<string> => {
    const link = (await makeSignInLink(ports)).url.split("#")[1];
    const answer = await app.inject({ method: "POST", url: "/session", payload: { link } });
    assert.equal(answer.statusCode, 201, answer.body);
    return String(answer.headers["set-cookie"]);
  };
  return { app, signIn };
}

describe("the cookie of a session", () => {
  const rows: readonly [publicUrl: string, cookie: RegExp][] = [
    [
      "http://127.0.0.1:7080",
      /^custody_session_7080=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    ],
    [
      "https://custody.example.org",
      /^__Host-custody_session=[\w-]{43}; .*HttpOnly; Secure; SameSite=Strict$/,
    ],
    ["https://custody.example.org:8443", /^__Host-custody_session_8443=[\w-]{43}; .*HttpOnly; Secure;/],
  ];
  for (const [publicUrl, cookie] of rows)
    test(`at ${publicUrl} is the server's own, opens the session, and goes when it ends`, async () => {
      const { app, signIn } = await open(publicUrl);
      const set = await signIn();
      assert.match(set, cookie);
      const headers = { cookie: set.split(";")[0] };
      const ask = async () => (await app.inject({ url: "/session", headers })).statusCode;
      assert.equal(await ask(), 200);
      const ended = await app.inject({ method: "DELETE", url: "/session", headers });
      const cleared = String(ended.headers["set-cookie"]);
      assert.equal(cleared.split("=")[0], set.split("=")[0]);
      assert.match(cleared, /Expires=Thu, 01 Jan 1970/);
      assert.equal(cleared.includes("Secure"), set.includes("Secure"), "browsers demand it of __Host-");
      assert.equal(await ask(), 401);
      await app.close();
    });

  test("of another port of the host is nobody's here", async () => {
    const { app, signIn } = await open("http://127.0.0.1:7080");
    const [cookie = ""] = (await signIn()).split(";");
    const ask = async (sent: string) =>
      (await app.inject({ url: "/session", headers: { cookie: sent } })).statusCode;
    assert.equal(await ask(cookie.replace("7080", "7081")), 401);
    assert.equal(await ask(`custody_session_7081=x; ${cookie}`), 200, "the control: beside the own one");
    await app.close();
  });
});

test("what a session says is kept by no cache and taken for nothing else", async () => {
  const { app, signIn } = await open("http://127.0.0.1:7080");
  const [cookie] = (await signIn()).split(";");
  for (const [headers, status] of [
    [{ cookie }, 200],
    [{}, 401],
  ] as const) {
    const answer = await app.inject({ url: "/session", headers });
    assert.deepEqual(
      [answer.statusCode, answer.headers["cache-control"], answer.headers["x-content-type-options"]],
      [status, "no-store", "nosniff"],
    );
  }
  await app.close();
});
