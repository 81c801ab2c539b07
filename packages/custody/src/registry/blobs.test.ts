import assert from "node:assert/strict";
import { test } from "node:test";

import { digestFor } from "./contract.ts";
import type { AccessRequest, RegistryPorts } from "./index.ts";
import { memoryRegistry, send } from "./registry.testing.ts";
import type { Sent } from "./registry.testing.ts";

const content = "0123456789";
const digest = digestFor(content);
const at = `/v2/team/app/blobs/${digest}`;

async function pushed(ports: RegistryPorts, repository = "team/app") {
  const { status } = await send(ports, `POST /v2/${repository}/blobs/uploads/?digest=${digest}`, {
    body: content,
  });
  assert.equal(status, 201);
  return ports;
}

async function check(ports: RegistryPorts, line: string, expected: string | number, sent?: Sent) {
  const { status, code } = await send(ports, line, sent);
  assert.equal(code ?? status, expected, line);
}

test("answers that it is there", async () => {
  const { status, headers } = await send(memoryRegistry(), "GET /v2/");
  assert.equal(status, 200);
  assert.equal(headers["Docker-Distribution-API-Version"], "registry/2.0");
});

test("gives a blob out whole, and only its head for HEAD", async () => {
  const ports = await pushed(memoryRegistry());
  const got = await send(ports, `GET ${at}`);
  assert.equal(got.text, content);
  assert.equal(got.headers["Docker-Content-Digest"], digest);
  assert.equal(got.headers["Content-Length"], "10");
  const head = await send(ports, `HEAD ${at}`);
  assert.deepEqual([head.status, head.text, head.headers["Content-Length"]], [200, "", "10"]);
  assert.equal((await send(ports, `GET ${at.replace(":", "%3A")}`)).text, content);
});

test("gives out the part that is asked for", async () => {
  const ports = await pushed(memoryRegistry());
  const checkRange = async (range: string, status: number, text: string, contentRange?: string) => {
    const got = await send(ports, `GET ${at}`, { headers: { range } });
    const expected = [status, text, contentRange];
    assert.deepEqual(
      [got.status, status === 416 ? "" : got.text, got.headers["Content-Range"]],
      expected,
      range,
    );
  };
  await checkRange("bytes=2-4", 206, "234", "bytes 2-4/10");
  await checkRange("bytes=8-", 206, "89", "bytes 8-9/10");
  await checkRange("bytes=8-99", 206, "89", "bytes 8-9/10");
  await checkRange("bytes=-3", 206, "789", "bytes 7-9/10");
  await checkRange("bytes=-99", 206, content, "bytes 0-9/10");
  await checkRange("bytes=10-", 416, "", "bytes */10");
  await checkRange("bytes=-0", 416, "", "bytes */10");
  for (const ignored of ["bytes=4-2", "bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=x-"]) {
    await checkRange(ignored, 200, content);
  }
});

test("has no blob that was not pushed to that very repository", async () => {
  const ports = await pushed(memoryRegistry());
  await check(ports, `GET /v2/other/app/blobs/${digest}`, "BLOB_UNKNOWN");
  await check(ports, `HEAD /v2/other/app/blobs/${digest}`, 404);
  await check(ports, `DELETE /v2/other/app/blobs/${digest}`, "BLOB_UNKNOWN");
  await check(ports, `GET /v2/team/app/blobs/${digestFor("x")}`, "BLOB_UNKNOWN");
  await check(ports, "GET /v2/team/app/blobs/sha256:x", "DIGEST_INVALID");
  await check(ports, `DELETE ${at}`, 202);
  await check(ports, `GET ${at}`, "BLOB_UNKNOWN");
});

test("takes a blob in chunks, each in its place", async () => {
  const ports = memoryRegistry();
  const started = await send(ports, "POST /v2/team/app/blobs/uploads/");
  assert.equal(started.status, 202);
  const location = started.headers["Location"]!;
  const chunk = (range: string, body: string) =>
    send(ports, `PATCH ${location}`, { headers: { "content-range": range }, body });
  assert.equal((await chunk("0-4", "01234")).headers["Range"], "0-4");
  for (const range of ["0-4", "4-8", "6-10", "bytes 5-9", "x", "5-8"]) {
    const headers = { "content-range": range, "content-length": "5" };
    const refused = await send(ports, `PATCH ${location}`, { headers, body: "56789" });
    assert.deepEqual([refused.status, refused.headers["Range"]], [416, "0-4"], range);
  }
  const status = await send(ports, `GET ${location}`);
  assert.deepEqual([status.status, status.headers["Range"]], [204, "0-4"]);
  const late = { headers: { "content-range": "9-9" }, body: "9" };
  assert.equal((await send(ports, `PUT ${location}?digest=${digest}`, late)).status, 416);
  const done = await send(ports, `PUT ${location}?digest=${digest}`, { body: "56789" });
  assert.deepEqual([done.status, done.headers["Location"]], [201, at]);
  assert.equal((await send(ports, `GET ${at}`)).text, content);
  await check(ports, `GET ${location}`, "BLOB_UPLOAD_UNKNOWN");
});

test("takes the empty blob, and a streamed one without a range", async () => {
  const ports = memoryRegistry();
  await check(ports, `POST /v2/a/blobs/uploads/?digest=${digestFor("")}`, 201);
  const { headers } = await send(ports, "POST /v2/a/blobs/uploads/");
  await check(ports, `PATCH ${headers["Location"]}`, 202, { body: content });
  await check(ports, `PUT ${headers["Location"]}?digest=${digest}`, 201);
});

test("keeps nothing of a blob with another digest or too large", async () => {
  const ports = memoryRegistry();
  const other = digestFor("other");
  const body = content;
  await check(ports, `POST /v2/a/blobs/uploads/?digest=${other}`, "DIGEST_INVALID", { body });
  await check(ports, "POST /v2/a/blobs/uploads/?digest=sha256:baddigest", "DIGEST_INVALID", { body });
  const { headers } = await send(ports, "POST /v2/a/blobs/uploads/");
  await check(ports, `PUT ${headers["Location"]}`, "DIGEST_INVALID", { body });
  await check(ports, `PUT ${headers["Location"]}?digest=${other}`, "DIGEST_INVALID", { body });
  for (const unknown of [other, digest]) await check(ports, `GET /v2/a/blobs/${unknown}`, "BLOB_UNKNOWN");
  const large = { body: "x".repeat(1001) };
  await check(ports, `POST /v2/a/blobs/uploads/?digest=${other}`, "TOO_LARGE", large);
});

test("gives up an upload on request, and knows none under another repository", async () => {
  const ports = memoryRegistry();
  const { headers } = await send(ports, "POST /v2/team/app/blobs/uploads/");
  const elsewhere = headers["Location"]!.replace("team/app", "team/other");
  for (const method of ["GET", "PATCH", "DELETE"])
    await check(ports, `${method} ${elsewhere}`, "BLOB_UPLOAD_UNKNOWN");
  await check(ports, `PUT ${elsewhere}?digest=${digest}`, "BLOB_UPLOAD_UNKNOWN");
  await check(ports, `DELETE ${headers["Location"]}`, 204);
  await check(ports, `DELETE ${headers["Location"]}`, "BLOB_UPLOAD_UNKNOWN");
});

test("mounts a blob only from where the caller may pull", async () => {
  const authorize = async ({ action, repository }: AccessRequest) =>
    action === "pull" && repository === "secret" ? "denied" : "allowed";
  const ports = await pushed({ ...memoryRegistry(), authorize }, "open");
  await pushed(ports, "secret");
  const mount = (from: string) => `POST /v2/team/app/blobs/uploads/?mount=${digest}&from=${from}`;
  for (const from of ["secret", "empty", "..", ""]) await check(ports, mount(from), 202);
  await check(ports, `GET ${at}`, "BLOB_UNKNOWN");
  await check(ports, mount("open"), 201);
  await check(ports, `GET ${at}`, 200);
});

test("mounts a blob from wherever it is, by its digest alone, only for who may pull from all", async () => {
  let answer: "allowed" | "denied" = "denied";
  const authorize = async ({ action }: AccessRequest) => (action === "mount" ? answer : "allowed");
  const ports = await pushed({ ...memoryRegistry(), authorize }, "secret");
  const mount = `POST /v2/team/app/blobs/uploads/?mount=${digest}`;
  await check(ports, mount, 202);
  await check(ports, `GET ${at}`, "BLOB_UNKNOWN");
  answer = "allowed";
  await check(ports, mount, 201);
  await check(ports, `GET ${at}`, 200);
  await check(ports, `POST /v2/team/app/blobs/uploads/?mount=sha256:${"0".repeat(64)}`, 202);
});

test("never gives out the end of a blob that was altered in the store", async () => {
  const ports = await pushed(memoryRegistry());
  const altered = {
    ...ports,
    blobs: {
      ...ports.blobs,
      async *open() {
        yield new Uint8Array([48, 49]);
        throw new Error("altered");
      },
    },
  };
  await assert.rejects(send(altered, `GET ${at}`), /altered/);
  const headers = { range: "bytes=0-1" };
  await assert.rejects(send(altered, `GET ${at}`, { headers }), /altered/);
});
