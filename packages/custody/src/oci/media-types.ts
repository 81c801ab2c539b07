/** Media types of OCI image-spec v1.1 and their Docker forerunners. */
export const mediaTypes = {
  imageManifest: "application/vnd.oci.image.manifest.v1+json",
  imageIndex: "application/vnd.oci.image.index.v1+json",
  imageConfig: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
  layerGzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  layerZstd: "application/vnd.oci.image.layer.v1.tar+zstd",
  emptyJson: "application/vnd.oci.empty.v1+json",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerManifestList: "application/vnd.docker.distribution.manifest.list.v2+json",
} as const;

export type ManifestKind = "image" | "index";

/** Which shape a manifest of a media type has; undefined for anything that is not a manifest. */
export function findManifestKind(mediaType: string): ManifestKind | undefined {
  switch (mediaType) {
    case mediaTypes.imageManifest:
    case mediaTypes.dockerManifest:
      return "image";
    case mediaTypes.imageIndex:
    case mediaTypes.dockerManifestList:
      return "index";
    default:
      return undefined;
  }
}

/**
 * False for layers that a registry need not have, as they are fetched from elsewhere (OCI image-spec v1.1,
 * Non-Distributable Layers, deprecated there; Docker's foreign layers).
 */
export function isDistributable(mediaType: string): boolean {
  return !/\.nondistributable\.|\.foreign\./.test(mediaType);
}

const syntax = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$/;

/** True for a media type without parameters (RFC 6838 §4.2). */
export function isMediaType(text: string): boolean {
  return syntax.test(text);
}
