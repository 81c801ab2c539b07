import assert from "node:assert/strict";
import { test } from "node:test";

import { hasFormat } from "./formats.ts";

test("formats are those that gojsonschema knows, as it knows them", () => {
  for (const [format, having, lacking] of [
    ["date", ["2020-01-01"], ["2020-13-01", "2020-1-1", "x", ""]],
    ["time", ["10:00:00", "10:00:00Z", "10:00:00+01:00", "10:00:00.5Z", "1:00:00"], ["25:00:00", "10:00"]],
    [
      "date-time",
      ["2020-01-01T00:00:00Z", "2020-01-01", "10:00:00", "2020-01-01T00:00:00.123+01:00"],
      ["2020-01-01T00:00:00", "2020-01-01 00:00:00Z", "2020-01-01t00:00:00z"],
    ],
    [
      "hostname",
      ["a.b", "A1"],
      [
        "a..b",
        "-a",
        "a-",
        "a_b",
        "",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      ],
    ],
    [
      "email",
      ["a@b", "A <a@b>", "A B <a@b.c>", '"x y"@b', "<a@b>", "a@[1.2.3.4]", "é@b", "A. <a@b>", "a@b (c)"],
      ["a", "a@", "@b", "a b@c", "a@b c", "a..b@c", "a@b.", "a,b@c", "a@b;"],
    ],
    ["ipv4", ["1.2.3.4", "::ffff:1.2.3.4"], ["1.2.3", "::1", "01.2.3.4", "256.1.1.1"]],
    ["ipv6", ["::1", "::ffff:1.2.3.4"], ["1.2.3.4", "g::", "fe80::1%a"]],
    ["uri", ["http://a", "a:b"], ["/a", "a", "", "http://a b", "a\\b", "1:b", "http://[::1]:x"]],
    ["uri-reference", ["/a", "a", "", "?", "#"], ["http://a b", "a\\b", ":a"]],
    ["iri", ["http://é"], []],
    ["uri-template", ["/a/{b}", "/{a}{b}", "/a}", ""], ["/a/{b", "a\\b"]],
    ["uuid", ["00000000-0000-0000-0000-000000000000"], ["A0000000-0000-0000-0000-00000000000g", "x"]],
    ["regex", ["a+", ""], ["(", "(?=a)"]],
    ["json-pointer", ["", "/", "/a/b", "/~0"], ["a", "/~", "#"]],
    ["relative-json-pointer", ["0", "1/a", "0#"], ["01", "0/~", "-1", "0a"]],
    ["unknown", ["x"], []],
    ["idn-email", ["a@b"], []],
  ] as const) {
    for (const text of having) assert.ok(hasFormat(format, text), `${format}: ${text}`);
    for (const text of lacking) assert.ok(!hasFormat(format, text), `${format}: ${text}`);
  }
});
