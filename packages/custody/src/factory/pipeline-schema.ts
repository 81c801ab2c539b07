import { isSpiffeIdOrOther } from "custody/spiffe";
import * as v from "valibot";

const maxSteps = 50;
const maxWithdrawers = 64;
const nameShape = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "a name: lower-case letters, digits and hyphens, at most 63"),
);
const repositoryShape = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(
    /^[a-z0-9][a-z0-9-]*(\/[a-z0-9][a-z0-9-]*)*$/,
    "a repository's name: lower-case words with / between them",
  ),
);
const environmentShape = v.record(
  v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "a variable's name: letters, digits, _")),
  v.pipe(v.string(), v.maxLength(4096)),
);
const sizeShape = v.pipe(v.string(), v.regex(/^[1-9][0-9]{0,4}(KiB|MiB|GiB)$/, 'a size such as "512MiB"'));
const pathShape = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
const argumentShape = v.pipe(v.string(), v.maxLength(4096));
const seconds = (max: number) => v.pipe(v.number(), v.minValue(1), v.maxValue(max));
const countShape = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
const cpusShape = v.pipe(v.number(), v.minValue(0.1), v.maxValue(64));

const stemcellShape = v.strictObject({
  suite: v.optional(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{1,40}$/, "a Debian suite such as bookworm"))),
  packages: v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9+.-]{1,80}$/, "a Debian package's name"))),
    v.maxLength(200),
  ),
});

const stepShape = v.strictObject({
  name: nameShape,
  kind: v.optional(v.picklist(["build", "test"])),
  stemcell: nameShape,
  run: v.pipe(v.string(), v.minLength(1), v.maxLength(64 * 1024)),
  inputs: v.optional(v.pipe(v.array(nameShape), v.maxLength(maxSteps))),
  outputs: v.optional(v.pipe(v.array(pathShape), v.maxLength(100))),
  network: v.optional(
    v.strictObject({
      hosts: v.pipe(
        v.array(
          v.pipe(v.string(), v.regex(/^[a-z0-9.-]{1,253}:[0-9]{1,5}$/, "host:port, the host in lower case")),
        ),
        v.maxLength(50),
      ),
    }),
  ),
  env: v.optional(environmentShape),
  limits: v.optional(
    v.strictObject({
      memory: v.optional(sizeShape),
      cpus: v.optional(cpusShape),
      pids: v.optional(countShape),
      deadlineSeconds: v.optional(seconds(86_400)),
      work: v.optional(sizeShape),
      output: v.optional(sizeShape),
    }),
  ),
});

const imageShape = v.strictObject({
  stemcell: nameShape,
  files: v.pipe(
    v.array(
      v.strictObject({
        from: pathShape,
        to: v.pipe(pathShape, v.startsWith("/", "an absolute path in the image")),
        mode: v.optional(v.pipe(v.string(), v.regex(/^0[0-7]{3}$/, 'permission bits such as "0755"'))),
      }),
    ),
    v.minLength(1),
    v.maxLength(1000),
  ),
  entrypoint: v.pipe(v.array(argumentShape), v.minLength(1), v.maxLength(100)),
  env: v.optional(environmentShape),
  workingDirectory: v.optional(v.pipe(pathShape, v.startsWith("/", "an absolute path in the image"))),
});

const runShape = v.strictObject({
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
  health: v.strictObject({
    path: v.pipe(v.string(), v.regex(/^\/[!-~]{0,1000}$/, "a path that begins with /")),
    deadlineSeconds: seconds(3600),
  }),
  limits: v.optional(
    v.strictObject({
      memory: v.optional(sizeShape),
      cpus: v.optional(cpusShape),
      pids: v.optional(countShape),
    }),
  ),
});

const urlShape = v.pipe(v.string(), v.maxLength(2048), v.url("a URL"));

const identityShape = v.pipe(urlShape, v.check(isSpiffeIdOrOther, "begins like a SPIFFE ID and is none"));

/** A step that is done elsewhere, and vouched for from there. */
const outsideShape = v.strictObject({
  name: nameShape,
  identity: identityShape,
  issuer: urlShape,
  deadlineSeconds: v.optional(seconds(604_800)),
});

/** Who may take back what others said; an identity of Custody's own has its trust domain as the issuer. */
const withdrawerShape = v.strictObject({ identity: identityShape, issuer: urlShape });

/** custody.yaml as it is written; published as JSON Schema in schemas/custody.schema.json. */
export const pipelineSchema = v.strictObject({
  version: v.literal(1),
  name: repositoryShape,
  stemcells: v.record(nameShape, stemcellShape),
  steps: v.pipe(v.array(stepShape), v.minLength(1), v.maxLength(maxSteps)),
  outside: v.optional(v.pipe(v.array(outsideShape), v.maxLength(maxSteps))),
  withdrawers: v.optional(v.pipe(v.array(withdrawerShape), v.maxLength(maxWithdrawers))),
  image: imageShape,
  run: v.optional(runShape),
});

/** What {@link pipelineSchema} accepts. */
export type WrittenPipeline = v.InferOutput<typeof pipelineSchema>;
