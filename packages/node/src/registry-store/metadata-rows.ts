import type { Database, Migration, Queryable } from "@custody/node/postgres";
import type { Digest } from "custody/ground";
import type { Descriptor } from "custody/oci";
import type { MetadataStore, NewManifest, PutManifestResult, StoredManifest } from "custody/registry";

/** The tables of {@link metadataRows}. */
export const registryMigrations: readonly Migration[] = [
  {
    name: "registry/1",
    sql: `
      CREATE TABLE registry_repository (name text COLLATE "C" PRIMARY KEY);
      CREATE TABLE registry_blob (
        repository text COLLATE "C" NOT NULL REFERENCES registry_repository,
        digest text COLLATE "C" NOT NULL,
        PRIMARY KEY (repository, digest)
      );
      CREATE TABLE registry_manifest (
        repository text COLLATE "C" NOT NULL REFERENCES registry_repository,
        digest text COLLATE "C" NOT NULL,
        media_type text NOT NULL,
        content bytea NOT NULL,
        subject text COLLATE "C",
        referrer jsonb,
        PRIMARY KEY (repository, digest)
      );
      CREATE INDEX registry_manifest_subject ON registry_manifest (repository, subject, digest)
        WHERE subject IS NOT NULL;
      CREATE TABLE registry_tag (
        repository text COLLATE "C" NOT NULL,
        tag text COLLATE "C" NOT NULL,
        digest text COLLATE "C" NOT NULL,
        PRIMARY KEY (repository, tag),
        FOREIGN KEY (repository, digest) REFERENCES registry_manifest ON DELETE CASCADE
      );
      CREATE INDEX registry_tag_digest ON registry_tag (repository, digest);
    `,
  },
];

/** A {@link MetadataStore} in PostgreSQL, whose {@link registryMigrations} were applied. */
export function metadataRows(database: Database): MetadataStore {
  const found = async (sql: string, values: readonly unknown[]) =>
    (await database.query(sql, values)).length > 0;
  return {
    linkBlob: (repository, digest) => linkBlob(database, repository, digest),
    hasBlob: (...key) => found("SELECT 1 FROM registry_blob WHERE repository = $1 AND digest = $2", key),
    unlinkBlob: (...key) =>
      found("DELETE FROM registry_blob WHERE repository = $1 AND digest = $2 RETURNING 1", key),
    putManifest: (repository, manifest, tags) =>
      database.transaction((transaction) => putManifest(transaction, repository, manifest, tags)),
    findManifest: (...key) => findManifest(database, byDigest, key),
    findTag: (...key) => findManifest(database, byTag, key),
    deleteManifest: (...key) =>
      found("DELETE FROM registry_manifest WHERE repository = $1 AND digest = $2 RETURNING 1", key),
    deleteTag: (...key) =>
      found("DELETE FROM registry_tag WHERE repository = $1 AND tag = $2 RETURNING 1", key),
    findTags: (repository, after, limit) => findTags(database, repository, after, limit),
    findReferrers: async (repository, subject, after, limit) => {
      const rows = await database.query<{ referrer: Descriptor }>(
        `SELECT referrer FROM registry_manifest
         WHERE repository = $1 AND subject = $2 AND digest > $3 ORDER BY digest LIMIT $4`,
        [repository, subject, after, limit],
      );
      return rows.map(({ referrer }) => referrer);
    },
  };
}

async function addRepository(queryable: Queryable, repository: string): Promise<void> {
  await queryable.query("INSERT INTO registry_repository VALUES ($1) ON CONFLICT DO NOTHING", [repository]);
}

async function linkBlob(database: Database, repository: string, digest: Digest): Promise<void> {
  await database.transaction(async (transaction) => {
    await addRepository(transaction, repository);
    await transaction.query("INSERT INTO registry_blob VALUES ($1, $2) ON CONFLICT DO NOTHING", [
      repository,
      digest,
    ]);
  });
}

async function putManifest(
  transaction: Queryable,
  repository: string,
  manifest: NewManifest,
  tags: readonly string[],
): Promise<PutManifestResult> {
  const digests = [
    ...(await findMissing(transaction, "registry_blob", repository, manifest.blobs)),
    ...(await findMissing(transaction, "registry_manifest", repository, manifest.manifests)),
  ];
  if (digests.length > 0) return { kind: "missing", digests };
  await addRepository(transaction, repository);
  await insertManifest(transaction, repository, manifest);
  for (const tag of tags) await moveTag(transaction, repository, tag, manifest.digest);
  return { kind: "stored" };
}

// Locked, so that what was there when the manifest was checked is there when it is stored.
async function findMissing(
  transaction: Queryable,
  table: "registry_blob" | "registry_manifest",
  repository: string,
  digests: readonly Digest[],
): Promise<Digest[]> {
  if (digests.length === 0) return [];
  const rows = await transaction.query<{ digest: Digest }>(
    `SELECT digest FROM ${table} WHERE repository = $1 AND digest = ANY ($2) ORDER BY digest FOR SHARE`,
    [repository, digests],
  );
  const present = new Set(rows.map(({ digest }) => digest));
  return digests.filter((digest) => !present.has(digest));
}

async function insertManifest(
  transaction: Queryable,
  repository: string,
  manifest: NewManifest,
): Promise<void> {
  const { digest, mediaType, content, subject, referrer } = manifest;
  await transaction.query(
    `INSERT INTO registry_manifest (repository, digest, media_type, content, subject, referrer)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (repository, digest) DO UPDATE
     SET media_type = EXCLUDED.media_type, subject = EXCLUDED.subject, referrer = EXCLUDED.referrer`,
    [repository, digest, mediaType, Buffer.from(content), subject, referrer && JSON.stringify(referrer)],
  );
}

async function moveTag(
  transaction: Queryable,
  repository: string,
  tag: string,
  digest: Digest,
): Promise<void> {
  await transaction.query(
    `INSERT INTO registry_tag (repository, tag, digest) VALUES ($1, $2, $3)
     ON CONFLICT (repository, tag) DO UPDATE SET digest = EXCLUDED.digest`,
    [repository, tag, digest],
  );
}

interface ManifestRow {
  readonly [column: string]: unknown;
  readonly digest: Digest;
  readonly media_type: string;
  readonly content: Buffer;
}

const byDigest = `
  SELECT digest, media_type, content FROM registry_manifest WHERE repository = $1 AND digest = $2`;
const byTag = `
  SELECT m.digest, m.media_type, m.content
  FROM registry_tag t JOIN registry_manifest m USING (repository, digest)
  WHERE t.repository = $1 AND t.tag = $2`;

async function findManifest(
  database: Database,
  sql: string,
  key: readonly string[],
): Promise<StoredManifest | undefined> {
  const [row] = await database.query<ManifestRow>(sql, key);
  return row && { digest: row.digest, mediaType: row.media_type, content: new Uint8Array(row.content) };
}

async function findTags(
  database: Database,
  repository: string,
  after: string,
  limit: number,
): Promise<readonly string[] | undefined> {
  const known = await database.query("SELECT 1 FROM registry_repository WHERE name = $1", [repository]);
  if (known.length === 0) return undefined;
  const rows = await database.query<{ tag: string }>(
    "SELECT tag FROM registry_tag WHERE repository = $1 AND tag > $2 ORDER BY tag LIMIT $3",
    [repository, after, limit],
  );
  return rows.map(({ tag }) => tag);
}
