import assert from "node:assert/strict";
import { test } from "node:test";

import { recordedRemote, recordedValue, recordedWord } from "./withhold.ts";

test("writes no value down that looks secret by its name or by itself", () => {
  const secrets: readonly (readonly [string, string])[] = [
    ["MYPASS", "x"],
    ["DB_PWD", "x"],
    ["SIGNING_KEY", "x"],
    ["DATABASE_URL", "postgres://u:pw@h/d"],
    ["DATABASE_URL", "postgres://u@h/d"],
    ["CONNECTION", "Server=h;User=u;Password=x"],
    ["ID", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"],
    ["PEM", "-----BEGIN EC PRIVATE KEY-----"],
  ];
  for (const [name, value] of secrets) {
    assert.equal(recordedValue(name, value), "(withheld)", `${name}=${value}`);
  }
  const open: readonly (readonly [string, string])[] = [
    ["DATABASE_URL", "postgres://h/d"],
    ["PWD", "/home/ada"],
    ["KEYBOARD", "de"],
    ["MAINTAINER", "ada@example.org"],
    ["SITE", "https://example.org/@ada?mail=a@b"],
  ];
  for (const [name, value] of open) assert.equal(recordedValue(name, value), value, `${name}=${value}`);
});

test("a command line is written down without the users and passwords of its URLs", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["--url=https://u:pw@h/a?b=c", "--url=https://(withheld)@h/a?b=c"],
    ["a://x@h b://y:z@i/", "a://(withheld)@h b://(withheld)@i/"],
    ["https://h/@u", "https://h/@u"],
    ["ada@example.org", "ada@example.org"],
  ];
  for (const [word, expected] of rows) assert.equal(recordedWord(word), expected);
});

test("a remote keeps its place, and nothing that may be a secret", () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["https://user:password@example.org/a.git", "https://example.org/a.git"],
    ["https://x/y?private_token=abc#z", "https://x/y"],
    ["ssh://git@example.org:22/a.git", "ssh://example.org:22/a.git"],
    ["git@example.org:acme/app.git", "example.org:acme/app.git"],
    ["git@example.org:a?token=b", "example.org:a"],
    ["/srv/git/app.git", "/srv/git/app.git"],
    ["../app", "../app"],
    ["https://user:pass word@ex ample.org/a", undefined],
  ];
  for (const [remote, expected] of rows) assert.equal(recordedRemote(remote), expected, remote);
});
