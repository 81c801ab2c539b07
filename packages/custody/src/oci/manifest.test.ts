import assert from "node:assert/strict";
import { test } from "node:test";

import { canonicalJson, digestOf, utf8 } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";

import {
  artifactTypeOf,
  describe,
  mediaTypes,
  parseImageConfig,
  parseManifest,
  parseManifestOf,
} from "./index.ts";

const config = describe(webCrypto, mediaTypes.imageConfig, utf8("{}"));
const layer = describe(webCrypto, mediaTypes.layerGzip, utf8("layer"));
const image = { schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: [layer] };
const index = { schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [layer] };

test("reads an image manifest, its unknown fields passed over", () => {
  const subject = describe(webCrypto, mediaTypes.imageManifest, utf8("subject"));
  const content = canonicalJson({ ...image, subject, annotations: { a: "b" }, unknown: [1] });
  const manifest = parseManifest(content, mediaTypes.imageManifest);
  assert.deepEqual(manifest, {
    kind: "image",
    mediaType: mediaTypes.imageManifest,
    config,
    layers: [layer],
    subject,
    annotations: { a: "b" },
  });
  assert.equal(artifactTypeOf(manifest), mediaTypes.imageConfig);
});

test("reads an index, and Docker's forerunners of both", () => {
  const { mediaType: _, ...untyped } = image;
  assert.equal(parseManifest(canonicalJson(untyped), mediaTypes.dockerManifest).kind, "image");
  const platform = { architecture: "amd64", os: "linux" };
  const content = canonicalJson({ ...index, artifactType: "a/b", manifests: [{ ...layer, platform }] });
  const manifest = parseManifest(content, mediaTypes.imageIndex);
  assert.ok(manifest.kind === "index");
  assert.deepEqual(manifest.manifests[0]?.platform, platform);
  assert.equal(artifactTypeOf(manifest), "a/b");
});

test("refuses a manifest that is not what its media type says", () => {
  const check = (content: object | string, mediaType: string = mediaTypes.imageManifest) =>
    assert.throws(
      () => parseManifest(typeof content === "string" ? utf8(content) : canonicalJson(content), mediaType),
      { code: /^(oci\/manifest|json\/.*)$/ },
    );
  check("");
  check("{}");
  check("[]");
  check(index);
  check(image, mediaTypes.imageIndex);
  check(image, mediaTypes.dockerManifest);
  check(image, "application/json");
  check({ ...image, schemaVersion: 1 });
  check({ ...image, manifests: [] });
  check({ ...index, layers: [] }, mediaTypes.imageIndex);
  check({ ...image, layers: [{ ...layer, size: -1 }] });
  check({ ...image, layers: [{ ...layer, size: 0.5 }] });
  check({ ...image, layers: [{ ...layer, size: 2 ** 53 }] });
  check({ ...image, layers: [{ ...layer, digest: "sha256:../../etc/passwd" }] });
  check({ ...image, layers: [{ ...layer, digest: layer.digest.toUpperCase() }] });
  check({ ...image, layers: [{ ...layer, mediaType: "no type" }] });
  check({ ...image, layers: Array.from({ length: 4097 }, () => layer) });
  check({ ...image, subject: {} });
  check({ ...image, annotations: { a: 1 } });
  check({ ...image, annotations: { a: "x".repeat(5_000_000) } });
  check('{"schemaVersion":2,"schemaVersion":2}');
});

test("refuses content of another digest before it reads it", () => {
  const content = canonicalJson(image);
  const digest = digestOf(webCrypto, content);
  assert.equal(parseManifestOf(webCrypto, digest, content, mediaTypes.imageManifest).kind, "image");
  assert.throws(() => parseManifestOf(webCrypto, digest, utf8("nonsense"), mediaTypes.imageManifest), {
    code: "oci/digest",
    subject: digest,
  });
});

test("reads an image configuration with what is missing filled in", () => {
  const diffId = layer.digest;
  const rootfs = { type: "layers", diff_ids: [diffId] };
  const parsed = parseImageConfig(canonicalJson({ architecture: "amd64", os: "linux", rootfs }));
  assert.deepEqual(parsed.diffIds, [diffId]);
  assert.deepEqual(parsed.config.entrypoint, []);
  const full = parseImageConfig(
    canonicalJson({
      architecture: "amd64",
      os: "linux",
      rootfs,
      config: { Env: ["A=b"], Cmd: null, Entrypoint: ["/app"], ExposedPorts: { "80/tcp": {} }, User: "1000" },
    }),
  );
  assert.deepEqual(full.config.exposedPorts, ["80/tcp"]);
  assert.deepEqual(full.config.env, ["A=b"]);
  assert.deepEqual(full.config.cmd, []);
});

test("refuses an image configuration that is malformed", () => {
  const rootfs = { type: "layers", diff_ids: [] };
  const check = (content: object) =>
    assert.throws(() => parseImageConfig(canonicalJson(content)), { code: "oci/config" });
  check({});
  check({ architecture: "amd64", os: "linux" });
  check({ architecture: "amd64", os: "linux", rootfs: { ...rootfs, type: "other" } });
  check({ architecture: "amd64", os: "linux", rootfs: { ...rootfs, diff_ids: ["x"] } });
  check({ architecture: "amd64", os: "linux", rootfs, config: { Env: "A=b" } });
});
