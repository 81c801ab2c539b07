import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { inspect } from "node:util";

import { parseDataFile } from "../bundle/index.ts";
import { writeJson } from "../values/index.ts";
import {
  mergeConfigurations,
  parseConfiguration,
  parseSetting,
  shownConfiguration,
  substituteVariables,
} from "./index.ts";
import type { Configuration } from "./index.ts";

const services = "services: {acme: {url: 'https://acme.test/'}, other: {url: 'http://other.test'}}";

function read(yaml: string): Configuration {
  return parseConfiguration(parseDataFile("c.yaml", yaml));
}

/** What a configuration is refused for, or nothing. */
function check(yaml: string, message: string): void {
  const wanted = { code: "rego/config", message: `configuration: ${message}` };
  assert.throws(() => read(yaml), wanted, yaml);
}

describe("a configuration", () => {
  test("may be empty", () => {
    const { bundles, status, defaultDecision, defaultAuthorizationDecision } = read("{}");
    assert.deepEqual([bundles.size, status, defaultDecision], [0, undefined, ["system", "main"]]);
    assert.deepEqual(defaultAuthorizationDecision, ["system", "authz", "allow"]);
  });

  test("names services, as a list too, with their credentials", () => {
    const [acme] = read(services).services.values();
    assert.equal(acme?.url, "https://acme.test");
    const list = read("services: [{name: a, url: http://a.test, headers: {X: west}, type: oci}]").services;
    assert.deepEqual(list.get("a")?.headers, { X: "west" });
    assert.equal(list.get("a")?.protocol, "oci");
    const bearer = (text: string): unknown =>
      read(`services: {a: {url: http://a, credentials: {bearer: ${text}}}}`).services.get("a")?.credentials;
    assert.deepEqual(bearer("{token_path: /t, scheme: Basic}"), { scheme: "Basic", token: { file: "/t" } });
    assert.doesNotMatch(inspect(bearer("{token: sesame}"), { depth: 9 }), /sesame/);
  });

  test("gives bundles what they do not say: path, service, polling", () => {
    const bundle = read(`${services}\nbundles: {authz: {}}`).bundles.get("authz");
    assert.deepEqual(bundle, {
      name: "authz",
      service: "acme",
      resource: "bundles/authz",
      signing: undefined,
      polling: { minSeconds: 60, maxSeconds: 120, waitSeconds: undefined },
      isPersisted: false,
      sizeLimitBytes: 67_108_864,
    });
    const keys = "keys: {k: {key: secret, algorithm: HS256}}";
    const signed = read(`${keys}\nbundles: {authz: {resource: 'file:///b.tar.gz'}}`).bundles.get("authz");
    assert.equal(signed?.service, undefined);
    assert.deepEqual(signed?.signing, { keyId: undefined, scope: "", exclude: [] });
  });

  test("says where decisions go, and how often", () => {
    const logs = (text: string): unknown => read(`${services}\ndecision_logs: ${text}`).decisionLogs;
    assert.deepEqual(logs("{partition_name: p, mask_decision: /a/mask}"), {
      upload: { service: "acme", resource: "/logs/p" },
      isOnConsole: false,
      delay: { minSeconds: 300, maxSeconds: 600 },
      bufferBytes: undefined,
      uploadBytes: 32_768,
      decisionsPerSecond: undefined,
      mask: ["a", "mask"],
      drop: ["system", "log", "drop"],
    });
    const { upload, delay } = logs("{console: true, reporting: {trigger: immediate}}") as Record<
      string,
      unknown
    >;
    assert.deepEqual([upload, delay], [undefined, undefined]);
    const { status } = read(`${services}\nstatus: {service: other, partition_name: p}`);
    assert.deepEqual(status, { upload: { service: "other", resource: "/status/p" }, isOnConsole: false });
  });

  test("names what it does not know, and what it has not", () => {
    check("bundels: {}", "unknown option bundels");
    check(`${services}\nbundles: {a: {polling: {min: 1}}}`, "unknown option bundles.a.polling.min");
    check("plugins: {envoy: {}}", "plugins is not supported: there are no plugins");
    check(
      "nd_builtin_cache: true",
      "nd_builtin_cache is not supported: answers of http.send and time are not logged",
    );
    assert.ok(read("nd_builtin_cache: false"));
    check(
      "services: {a: {url: http://a, allow_insecure_tls: true}}",
      "services.a.allow_insecure_tls is not supported: a certificate that nobody looks at proves nothing",
    );
    check(
      `${services}\nstatus: {trigger: manual}`,
      "status.trigger manual is not supported: leave it out, or write periodic",
    );
    check("bundle: {name: x}", "bundle is not supported: write bundles");
  });

  test("is refused for what is wrong in it", () => {
    check("[]", "it is no object");
    check("services: {a: {}}", "services.a.url is missing");
    check("services: {a: {url: ftp://a}}", "services.a.url is no http:// or https:// URL");
    check("services: [{url: http://a}]", "services: one has no name");
    check(
      "services: [{name: a, url: http://a}, {name: a, url: http://b}]",
      "services: two have the same name",
    );
    check(
      "services: {a: {url: http://a, credentials: {bearer: {}}}}",
      "services.a.credentials.bearer.token is missing",
    );
    check("labels: {a: 1}", "labels.a must be string, and is 1");
    check("bundles: {a: {}}", "bundles.a.service: there is no service at all");
    check(`${services}\nbundles: {a: {service: none}}`, "bundles.a.service: there is no service none");
    check(
      `${services}\nbundles: {a: {polling: {min_delay_seconds: 2}}}`,
      "bundles.a.polling.max_delay_seconds is missing",
    );
    check(
      `${services}\nbundles: {a: {polling: {min_delay_seconds: 2, max_delay_seconds: 1}}}`,
      "bundles.a.polling: the longest delay is shorter than the shortest",
    );
    check(`${services}\nbundles: {a: {signing: {keyid: k}}}`, "bundles.a.signing.keyid: there is no key k");
    check(
      `${services}\nbundles: {a: {signing: {}}}`,
      "bundles.a.signing: there are no keys to hold a signature against",
    );
    check(`${services}\ndiscovery: {resource: d}`, "discovery.service: there is more than one service");
    check("default_decision: a//b", "default_decision is no path: a//b");
    check("keys: {k: {key: x, algorithm: none}}", "keys.k.algorithm is no algorithm of signatures");
  });

  test("is shown without its secrets", () => {
    const configuration = read(
      `services: {a: {url: http://a, credentials: {bearer: {token: sesame}}, headers: {Authorization: sesame, X: west}}}
keys: {k: {key: sesame, algorithm: HS256}}
labels: {app: demo}`,
    );
    assert.equal(
      writeJson(shownConfiguration(configuration, { app: "demo", id: "1" })),
      '{"default_authorization_decision":"/system/authz/allow","default_decision":"/system/main","keys":{"k":{"algorithm":"HS256"}},"labels":{"app":"demo","id":"1"},"services":{"a":{"headers":{"X":"west"},"url":"http://a"}}}',
    );
    assert.doesNotMatch(JSON.stringify(configuration.source), /sesame/);
  });
});

describe("settings over a configuration", () => {
  const checkSetting = (setting: string, expected: string): void =>
    assert.equal(writeJson(parseSetting(setting)), expected, setting);

  test("make options of paths", () => {
    checkSetting("a.b=c", '{"a":{"b":"c"}}');
    checkSetting("a.b=1,a.c=true,d=null", '{"a":{"b":1,"c":true},"d":null}');
    checkSetting("a\\.b.c=x\\,y", '{"a.b":{"c":"x,y"}}');
    checkSetting("a={x,2}", '{"a":["x",2]}');
    checkSetting("url=http://h:1/?a=b", '{"url":"http://h:1/?a=b"}');
    checkSetting("a=007", '{"a":"007"}');
    for (const none of ["a", "=x", "a..b=x"])
      assert.throws(() => parseSetting(none), { code: "rego/config" }, none);
  });

  test("win over what they are laid on, option by option", () => {
    const merged = mergeConfigurations({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: 3 }, d: [2], e: 4 });
    assert.equal(writeJson(merged), '{"a":{"b":3,"c":2},"d":[2],"e":4}');
  });
});

test("variables of the environment stand for their values, and stay where they are not set", () => {
  const find = (name: string): string | undefined => ({ A: "1", EMPTY: "" })[name];
  assert.equal(substituteVariables("${A} ${EMPTY} ${NONE} $A ${}", find), "1  ${NONE} $A ${}");
});
