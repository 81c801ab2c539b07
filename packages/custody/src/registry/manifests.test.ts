import assert from "node:assert/strict";
import { test } from "node:test";

import { CustodyError } from "custody/ground";
import { mediaTypes } from "custody/oci";

import { digestFor } from "./contract.ts";
import { parseCredentials } from "./index.ts";
import type { AccessRequest, RegistryPorts } from "./index.ts";
import { memoryRegistry, send } from "./registry.testing.ts";
import type { Sent } from "./registry.testing.ts";

const config = "{}";
const configDescriptor = { mediaType: mediaTypes.imageConfig, digest: digestFor(config), size: 2 };
const typed = (mediaType: string) => ({ "content-type": mediaType });

function imageText(fields: object = {}) {
  const image = {
    schemaVersion: 2,
    mediaType: mediaTypes.imageManifest,
    config: configDescriptor,
    layers: [],
  };
  return JSON.stringify({ ...image, ...fields }, undefined, 1);
}

async function makeRegistry(): Promise<RegistryPorts> {
  const ports = memoryRegistry();
  await send(ports, `POST /v2/app/blobs/uploads/?digest=${configDescriptor.digest}`, { body: config });
  return ports;
}

async function put(
  ports: RegistryPorts,
  reference: string,
  body: string,
  type: string = mediaTypes.imageManifest,
) {
  return send(ports, `PUT /v2/app/manifests/${reference}`, { headers: typed(type), body });
}

async function check(ports: RegistryPorts, line: string, expected: string | number, sent?: Sent) {
  const { status, code } = await send(ports, line, sent);
  assert.equal(code ?? status, expected, line);
}

test("gives a manifest back byte for byte, by tag and by digest", async () => {
  const ports = await makeRegistry();
  const body = imageText({ unknown: "field" });
  const digest = digestFor(body);
  const stored = await put(ports, "latest", body);
  assert.deepEqual([stored.status, stored.headers["Docker-Content-Digest"]], [201, digest]);
  for (const reference of ["latest", digest]) {
    const got = await send(ports, `GET /v2/app/manifests/${reference}`);
    assert.deepEqual([got.text, got.headers["Content-Type"]], [body, mediaTypes.imageManifest]);
    const head = await send(ports, `HEAD /v2/app/manifests/${reference}`);
    assert.deepEqual([head.text, head.headers["Content-Length"]], ["", String(body.length)]);
    assert.equal(head.headers["Docker-Content-Digest"], digest);
  }
  assert.equal((await put(ports, digest, body)).status, 201);
});

test("refuses a manifest that is malformed, mistyped, misnamed or too large", async () => {
  const ports = await makeRegistry();
  const checkPut = async (reference: string, body: string, expected: string, type?: string) =>
    assert.equal((await put(ports, reference, body, type)).code, expected);
  await checkPut("t", "{", "MANIFEST_INVALID");
  await checkPut("t", "{}", "MANIFEST_INVALID");
  await checkPut("t", imageText(), "MANIFEST_INVALID", mediaTypes.imageIndex);
  await checkPut("t", imageText(), "MANIFEST_INVALID", "application/json");
  await checkPut("t", imageText(), "MANIFEST_INVALID", `${mediaTypes.imageManifest}; charset=utf-8`);
  await checkPut(digestFor("other"), imageText(), "DIGEST_INVALID");
  await checkPut("sha256:short", imageText(), "DIGEST_INVALID");
  await checkPut(".tag", imageText(), "TAG_INVALID");
  await checkPut("t", imageText({ x: "x".repeat(4 * 1024 * 1024) }), "TOO_LARGE");
  await check(ports, "GET /v2/app/manifests/t", "MANIFEST_UNKNOWN");
});

test("refuses a manifest whose blobs or manifests are not in the repository", async () => {
  const ports = await makeRegistry();
  const layer = { mediaType: mediaTypes.layer, digest: digestFor("layer"), size: 5 };
  assert.equal((await put(ports, "t", imageText({ layers: [layer] }))).code, "MANIFEST_BLOB_UNKNOWN");
  const child = { mediaType: mediaTypes.imageManifest, digest: digestFor(imageText()), size: 1 };
  const index = JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [child] });
  assert.equal((await put(ports, "t", index, mediaTypes.imageIndex)).code, "MANIFEST_BLOB_UNKNOWN");
  await put(ports, child.digest, imageText());
  assert.equal((await put(ports, "t", index, mediaTypes.imageIndex)).status, 201);
});

test("takes an image with layers that are fetched from elsewhere", async () => {
  const ports = await makeRegistry();
  const mediaType = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
  const layers = [
    { mediaType, digest: digestFor("elsewhere"), size: 9, urls: ["https://example.com/layer"] },
  ];
  assert.equal((await put(ports, "t", imageText({ layers }))).status, 201);
});

test("deletes a tag alone, and a manifest with its tags", async () => {
  const ports = await makeRegistry();
  const digest = digestFor(imageText());
  await put(ports, "one", imageText());
  await put(ports, "two", imageText());
  await check(ports, "DELETE /v2/app/manifests/one", 202);
  await check(ports, "GET /v2/app/manifests/one", "MANIFEST_UNKNOWN");
  await check(ports, `GET /v2/app/manifests/${digest}`, 200);
  await check(ports, `DELETE /v2/app/manifests/${digest}`, 202);
  await check(ports, "GET /v2/app/manifests/two", "MANIFEST_UNKNOWN");
  await check(ports, `DELETE /v2/app/manifests/${digest}`, "MANIFEST_UNKNOWN");
});

test("lists tags page by page, to the end and not beyond", async () => {
  const ports = await makeRegistry();
  await check(ports, "GET /v2/none/tags/list", "NAME_UNKNOWN");
  for (const tag of ["c", "a", "B", "b"]) await put(ports, tag, imageText());
  const pages: string[][] = [];
  let target: string | undefined = "/v2/app/tags/list?n=3";
  while (target !== undefined) {
    const got = await send(ports, `GET ${target}`);
    pages.push((JSON.parse(got.text) as { tags: string[] }).tags);
    target = /^<(.*)>; rel="next"$/.exec(got.headers["Link"] ?? "")?.[1];
  }
  assert.deepEqual(pages, [["B", "a", "b"], ["c"]]);
  const none = await send(ports, "GET /v2/app/tags/list?n=0");
  assert.deepEqual([JSON.parse(none.text), none.headers["Link"]], [{ name: "app", tags: [] }, undefined]);
  await check(ports, "GET /v2/app/tags/list?n=999999999", 200);
  for (const n of ["-1", "x", "1e3", "99999999999"])
    await check(ports, `GET /v2/app/tags/list?n=${n}`, "UNSUPPORTED");
});

test("lists what refers to a manifest, by kind if asked, and an empty list for what nobody refers to", async () => {
  const ports = await makeRegistry();
  const subject = { mediaType: mediaTypes.imageManifest, digest: digestFor("not there yet"), size: 3 };
  const signature = imageText({ subject, artifactType: "application/sig", annotations: { a: "b" } });
  const stored = await put(ports, digestFor(signature), signature);
  assert.equal(stored.headers["OCI-Subject"], subject.digest);
  await put(ports, "other", imageText({ subject }));
  const list = async (query = "") => {
    const got = await send(ports, `GET /v2/app/referrers/${subject.digest}${query}`);
    assert.equal(got.headers["Content-Type"], mediaTypes.imageIndex);
    return {
      applied: got.headers["OCI-Filters-Applied"],
      ...(JSON.parse(got.text) as { manifests: object[] }),
    };
  };
  assert.equal((await list()).manifests.length, 2);
  const filtered = await list("?artifactType=application/sig");
  assert.equal(filtered.applied, "artifactType");
  const [descriptor] = filtered.manifests;
  assert.deepEqual(descriptor, {
    mediaType: mediaTypes.imageManifest,
    digest: digestFor(signature),
    size: signature.length,
    artifactType: "application/sig",
    annotations: { a: "b" },
  });
  assert.equal(
    (await list(`?artifactType=${encodeURIComponent(mediaTypes.imageConfig)}`)).manifests.length,
    1,
  );
  const empty = await send(ports, `GET /v2/app/referrers/${digestFor("x")}`);
  assert.deepEqual((JSON.parse(empty.text) as { manifests: object[] }).manifests, []);
  await check(ports, "GET /v2/app/referrers/latest", "DIGEST_INVALID");
});

test("refuses names, paths and methods that are not the protocol's", async () => {
  const ports = await makeRegistry();
  for (const name of ["App", "a/../b", "a//b", "-a", "a".repeat(256), "a%2fb", "a_-b"]) {
    await check(ports, `GET /v2/${name}/manifests/latest`, "NAME_INVALID");
  }
  for (const path of [
    "/",
    "/v1/",
    "/v2/app",
    "/v2/app/manifests",
    "/v2//tags/list",
    "/v2/app/manifests/%ff",
  ]) {
    await check(ports, `GET ${path}`, "NAME_UNKNOWN");
  }
  await check(ports, `GET /v2/${"a/".repeat(600)}x/manifests/latest`, "NAME_UNKNOWN");
  for (const line of [
    "POST /v2/",
    "PATCH /v2/app/manifests/t",
    "PUT /v2/app/tags/list",
    "TRACE /v2/app/tags/list",
  ]) {
    await check(ports, line, "UNSUPPORTED");
  }
  await check(ports, "GET /v2/app/manifests/..%2f..%2fsecret", "MANIFEST_UNKNOWN");
});

// Every route with the action it needs: whoever may not do it learns nothing from it.
const routes: readonly (readonly [string, string])[] = [
  ["GET /v2/app/manifests/latest", "pull"],
  ["HEAD /v2/app/manifests/latest", "pull"],
  ["PUT /v2/app/manifests/latest", "push"],
  ["DELETE /v2/app/manifests/latest", "delete"],
  [`GET /v2/app/blobs/${configDescriptor.digest}`, "pull"],
  [`DELETE /v2/app/blobs/${configDescriptor.digest}`, "delete"],
  ["POST /v2/app/blobs/uploads/", "push"],
  [`POST /v2/app/blobs/uploads/?mount=${configDescriptor.digest}&from=app`, "push"],
  ["GET /v2/app/blobs/uploads/x", "push"],
  ["PATCH /v2/app/blobs/uploads/x", "push"],
  ["PUT /v2/app/blobs/uploads/x", "push"],
  ["DELETE /v2/app/blobs/uploads/x", "push"],
  ["GET /v2/app/tags/list", "pull"],
  [`GET /v2/app/referrers/${configDescriptor.digest}`, "pull"],
];

test("asks for the right leave on every route, before it looks at anything", async () => {
  const ports = await makeRegistry();
  await put(ports, "latest", imageText());
  for (const [line, needed] of routes) {
    const asked: AccessRequest[] = [];
    const authorize = async (request: AccessRequest) => {
      asked.push(request);
      return "denied" as const;
    };
    const { status } = await send({ ...ports, authorize }, line);
    assert.deepEqual(
      [status, asked.length, asked[0]?.action, asked[0]?.repository],
      [403, 1, needed, "app"],
      line,
    );
  }
});

test("challenges who brings no credentials, or none that can be read", async () => {
  const authorize = async ({ credentials }: AccessRequest) =>
    credentials?.username === "ann" && credentials.password.reveal() === "a:b"
      ? "allowed"
      : "unauthenticated";
  const ports = { ...(await makeRegistry()), authorize };
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  const checkHeader = async (authorization: string | undefined, expected: number) => {
    const got = await send(
      ports,
      "GET /v2/",
      authorization === undefined ? {} : { headers: { authorization } },
    );
    assert.equal(got.status, expected);
    if (expected === 401) assert.match(got.headers["WWW-Authenticate"] ?? "", /^Basic realm=/);
  };
  await checkHeader(basic("ann:a:b"), 200);
  await checkHeader(undefined, 401);
  await checkHeader(basic("ann:x"), 401);
  for (const header of ["", "Basic", "Basic !", "Bearer x", basic("ann"), basic(":x"), "Basic /w=="]) {
    assert.equal(parseCredentials(header), "malformed");
    await checkHeader(header, 401);
  }
});

test("allows nothing when it cannot find out who may do what", async () => {
  const unavailable = new CustodyError("postgres/unavailable", "gone");
  const ports = { ...(await makeRegistry()), authorize: () => Promise.reject(unavailable) };
  await check(ports, "GET /v2/app/manifests/latest", "UNAVAILABLE");
  const broken = { ...ports, authorize: () => Promise.reject(new Error("bug")) };
  await assert.rejects(send(broken, "GET /v2/app/manifests/latest"), /bug/);
});

test("gives out no manifest that was altered in the store", async () => {
  const ports = await makeRegistry();
  await put(ports, "latest", imageText());
  const findTag: RegistryPorts["metadata"]["findTag"] = async (repository, tag) => {
    const found = await ports.metadata.findTag(repository, tag);
    return found && { ...found, content: found.content.slice(1) };
  };
  await check(
    { ...ports, metadata: { ...ports.metadata, findTag } },
    "GET /v2/app/manifests/latest",
    "UNAVAILABLE",
  );
});
