/** One policy to time: what OPA is asked too, with the same text, data and input. */
export interface RegoCase {
  readonly name: string;
  readonly module: string;
  readonly version: "v0" | "v1";
  readonly query: string;
  readonly data: unknown;
  readonly input: unknown;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const hello: RegoCase = {
  name: "hello",
  version: "v1",
  module: `package bench
default allow := false
allow if input.message == "world"`,
  query: "data.bench.allow",
  data: {},
  input: { message: "world" },
};

const roles = Object.fromEntries(
  numbers(1000).map((i) => [
    `role${i}`,
    [
      { action: "read", object: `doc${i}` },
      { action: "write", object: `doc${i}` },
    ],
  ]),
);

const rbacKeyed: RegoCase = {
  name: "RBAC, 10,000 users and 1,000 roles, by key",
  version: "v1",
  module: `package bench
default allow := false
allow if {
  some role in data.users[input.user]
  some grant in data.roles[role]
  grant.action == input.action
  grant.object == input.object
}`,
  query: "data.bench.allow",
  data: {
    users: Object.fromEntries(
      numbers(10_000).map((i) => [`user${i}`, [`role${i % 1000}`, `role${(i * 7) % 1000}`]]),
    ),
    roles,
  },
  input: { user: "user4321", action: "write", object: "doc321" },
};

const rbacScanned: RegoCase = {
  name: "RBAC, 10,000 bindings, scanned",
  version: "v1",
  module: `package bench
default allow := false
allow if {
  some binding in data.bindings
  binding.user == input.user
  binding.action == input.action
}`,
  query: "data.bench.allow",
  data: { bindings: numbers(10_000).map((i) => ({ user: `user${i}`, action: i % 2 ? "read" : "write" })) },
  input: { user: "user9998", action: "write" },
};

const pod = (containers: number): unknown => ({
  review: {
    kind: { group: "", version: "v1", kind: "Pod" },
    operation: "CREATE",
    object: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web", namespace: "shop", labels: { app: "web", owner: "team-a.example" } },
      spec: {
        containers: numbers(containers).map((i) => ({
          name: `c${i}`,
          image: `registry.example/app/${i}:1.${i}`,
          ports: [{ containerPort: 8000 + i }],
          securityContext: {
            privileged: i === containers - 1,
            capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
          },
          resources: { limits: { cpu: i % 3 ? "200m" : "3", memory: i % 2 ? "512Mi" : "2Gi" } },
          env: numbers(6).map((j) => ({ name: `V${j}`, value: `value ${j} of ${i}` })),
        })),
        volumes: [{ name: "tmp", emptyDir: {} }],
      },
    },
  },
  parameters: {
    cpu: "1",
    memory: "1Gi",
    allowed: ["NET_BIND_SERVICE", "CHOWN"],
    required: ["ALL"],
    labels: [{ key: "owner", allowedRegex: "^[a-z-]+[.]example$" }, { key: "cost-centre" }],
  },
});

const containerLimits: RegoCase = {
  name: "admission: container limits (v0)",
  version: "v0",
  module: `package bench
units := {"m": 1, "": 1000}
sizes := {"Ki": 1024, "Mi": 1048576, "Gi": 1073741824, "": 1}
cpu(text) = n {
  endswith(text, "m")
  n := to_number(trim_suffix(text, "m"))
}
cpu(text) = n {
  not endswith(text, "m")
  n := to_number(text) * 1000
}
suffix(text) = s {
  parts := regex.find_all_string_submatch_n("^[0-9]+([A-Za-z]*)$", text, 1)
  s := parts[0][1]
}
bytes(text) = n {
  s := suffix(text)
  n := to_number(replace(text, s, "")) * sizes[s]
}
violation[{"msg": msg}] {
  c := input.review.object.spec.containers[_]
  cpu(c.resources.limits.cpu) > cpu(input.parameters.cpu)
  msg := sprintf("container <%v> cpu limit <%v> is higher than the maximum allowed of <%v>", [c.name, c.resources.limits.cpu, input.parameters.cpu])
}
violation[{"msg": msg}] {
  c := input.review.object.spec.containers[_]
  bytes(c.resources.limits.memory) > bytes(input.parameters.memory)
  msg := sprintf("container <%v> memory limit <%v> is higher than the maximum allowed of <%v>", [c.name, c.resources.limits.memory, input.parameters.memory])
}`,
  query: "data.bench.violation",
  data: {},
  input: pod(10),
};

const capabilities: RegoCase = {
  name: "admission: capabilities (v0)",
  version: "v0",
  module: `package bench
violation[{"msg": msg}] {
  c := input.review.object.spec.containers[_]
  not allowed(c)
  msg := sprintf("container <%v> has a disallowed capability. Allowed capabilities are %v", [c.name, input.parameters.allowed])
}
violation[{"msg": msg}] {
  c := input.review.object.spec.containers[_]
  missing(c)
  msg := sprintf("container <%v> is not dropping all required capabilities. Container must drop all of %v", [c.name, input.parameters.required])
}
allowed(c) {
  input.parameters.allowed[_] == "*"
}
allowed(c) {
  set := {x | x = input.parameters.allowed[_]}
  added := {x | x = c.securityContext.capabilities.add[_]}
  count(added - set) == 0
}
missing(c) {
  must := {x | x = input.parameters.required[_]}
  dropped := {x | x = c.securityContext.capabilities.drop[_]}
  count(must - dropped) > 0
}`,
  query: "data.bench.violation",
  data: {},
  input: pod(2),
};

const requiredLabels: RegoCase = {
  name: "admission: required labels (v0)",
  version: "v0",
  module: `package bench
violation[{"msg": msg, "details": {"missing_labels": missing}}] {
  provided := {label | input.review.object.metadata.labels[label]}
  required := {label | label := input.parameters.labels[_].key}
  missing := required - provided
  count(missing) > 0
  msg := sprintf("you must provide labels: %v", [missing])
}
violation[{"msg": msg}] {
  value := input.review.object.metadata.labels[key]
  expected := input.parameters.labels[_]
  expected.key == key
  expected.allowedRegex != ""
  not re_match(expected.allowedRegex, value)
  msg := sprintf("Label <%v: %v> does not satisfy allowed regex: %v", [key, value, expected.allowedRegex])
}`,
  query: "data.bench.violation",
  data: {},
  input: pod(2),
};

const privileged: RegoCase = {
  name: "admission: privileged (v0)",
  version: "v0",
  module: `package bench
violation[{"msg": msg, "details": {}}] {
  c := containers[_]
  c.securityContext.privileged
  msg := sprintf("Privileged container is not allowed: %v, securityContext: %v", [c.name, c.securityContext])
}
containers[c] {
  c := input.review.object.spec.containers[_]
}
containers[c] {
  c := input.review.object.spec.initContainers[_]
}`,
  query: "data.bench.violation",
  data: {},
  input: pod(2),
};

const terraform: RegoCase = {
  name: "Terraform plan, 600 resources",
  version: "v1",
  module: `package bench
weights := {"aws_autoscaling_group": {"delete": 100, "create": 10, "modify": 1}, "aws_instance": {"delete": 10, "create": 1, "modify": 1}}
resource_types := {"aws_autoscaling_group", "aws_instance", "aws_iam", "aws_launch_configuration"}
default authz := false
authz if {
  score < 100000
  not touches_iam
}
score := s if {
  all := [x |
    some resource_type, crud in weights
    del := crud["delete"] * num_deletes[resource_type]
    new := crud.create * num_creates[resource_type]
    mod := crud.modify * num_modifies[resource_type]
    x := del + new + mod
  ]
  s := sum(all)
}
touches_iam if {
  all := resources.aws_iam
  count(all) > 0
}
resources[resource_type] := all if {
  some resource_type in resource_types
  all := [name | name := input.resource_changes[_]; name.type == resource_type]
}
num_creates[resource_type] := num if {
  some resource_type in resource_types
  all := resources[resource_type]
  num := count([res | res := all[_]; res.change.actions[_] == "create"])
}
num_deletes[resource_type] := num if {
  some resource_type in resource_types
  all := resources[resource_type]
  num := count([res | res := all[_]; res.change.actions[_] == "delete"])
}
num_modifies[resource_type] := num if {
  some resource_type in resource_types
  all := resources[resource_type]
  num := count([res | res := all[_]; res.change.actions[_] == "update"])
}`,
  query: "data.bench.authz",
  data: {},
  input: {
    format_version: "1.2",
    resource_changes: numbers(600).map((i) => ({
      address: `aws_instance.web[${i}]`,
      type: ["aws_instance", "aws_autoscaling_group", "aws_s3_bucket"][i % 3],
      name: `web${i}`,
      change: {
        actions: [["create"], ["update"], ["delete", "create"]][i % 3],
        before: null,
        after: {
          ami: "ami-09b4b74c",
          instance_type: "t2.micro",
          tags: { Name: `web-${i}`, team: `team${i % 7}` },
        },
      },
    })),
  },
};

const comprehension: RegoCase = {
  name: "comprehension of 10,000 and sum",
  version: "v1",
  module: `package bench
total := sum([y | some x in data.numbers; x % 3 == 0; y := x * 2])`,
  query: "data.bench.total",
  data: { numbers: numbers(10_000) },
  input: {},
};

const groupBy: RegoCase = {
  name: "group by, 100 keys over 1,000",
  version: "v1",
  module: `package bench
groups[key] := members if {
  some key in data.keys
  members := [item.name | some item in data.items; item.key == key]
}`,
  query: "data.bench.groups",
  data: {
    keys: numbers(100).map((i) => `k${i}`),
    items: numbers(1000).map((i) => ({ key: `k${i % 100}`, name: `n${i}` })),
  },
  input: {},
};

function nested(depth: number): unknown {
  return depth === 0 ? "leaf" : Object.fromEntries(numbers(5).map((i) => [`n${i}`, nested(depth - 1)]));
}

const walk: RegoCase = {
  name: "walk of 3,906 nodes",
  version: "v1",
  module: `package bench
leaves := count([path | walk(data.tree, [path, "leaf"])])`,
  query: "data.bench.leaves",
  data: { tree: nested(5) },
  input: {},
};

const manyRules: RegoCase = {
  name: "1,000 equality rules",
  version: "v1",
  module: [
    "package bench",
    "default allow := false",
    ...numbers(1000).map((i) => `allow if input.path == "/api/v1/things/${i}"`),
  ].join("\n"),
  query: "data.bench.allow",
  data: {},
  input: { path: "/api/v1/things/777" },
};

const api: RegoCase = {
  name: "API authorization",
  version: "v1",
  module: `package bench
default allow := false
allow if {
  input.method == "GET"
  input.path = ["finance", "salary", username]
  input.user == username
}
allow if {
  input.method == "GET"
  input.path = ["finance", "salary", username]
  some member in data.subordinates[input.user]
  member == username
}
allow if {
  input.method in {"PUT", "POST"}
  "hr" in input.roles
}`,
  query: "data.bench.allow",
  data: { subordinates: { alice: [], charlie: [], bob: ["alice"], betty: ["charlie"] } },
  input: { method: "GET", path: ["finance", "salary", "alice"], user: "bob", roles: ["dev"] },
};

const servers: RegoCase = {
  name: "servers and ports",
  version: "v1",
  module: `package bench
default allow := false
allow if count(violation) == 0
violation contains server.id if {
  some server in public_servers
  "http" in server.protocols
}
violation contains server.id if {
  some server in input.servers
  "telnet" in server.protocols
}
public_servers contains server if {
  some server in input.servers
  some i, j
  server.ports[_] == input.ports[i].id
  input.ports[i].network == input.networks[j].id
  input.networks[j].public
}`,
  query: "data.bench.violation",
  data: {},
  input: {
    servers: [
      { id: "app", protocols: ["https", "ssh"], ports: ["p1", "p2", "p3"] },
      { id: "db", protocols: ["mysql"], ports: ["p3"] },
      { id: "cache", protocols: ["memcache"], ports: ["p3"] },
      { id: "ci", protocols: ["http"], ports: ["p1", "p2"] },
      { id: "busybox", protocols: ["telnet"], ports: ["p1"] },
    ],
    networks: [
      { id: "net1", public: false },
      { id: "net2", public: false },
      { id: "net3", public: true },
      { id: "net4", public: true },
    ],
    ports: [
      { id: "p1", network: "net1" },
      { id: "p2", network: "net3" },
      { id: "p3", network: "net2" },
    ],
  },
};

export const regoCases: readonly RegoCase[] = [
  hello,
  rbacKeyed,
  rbacScanned,
  containerLimits,
  capabilities,
  requiredLabels,
  privileged,
  terraform,
  comprehension,
  groupBy,
  walk,
  manyRules,
  api,
  servers,
];
