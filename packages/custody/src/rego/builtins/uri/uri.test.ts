import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { uriBuiltins } from "./index.ts";

const check = checker(uriBuiltins);

test("uri.parse names the parts that are there", () => {
  check('uri.parse("")', "{}");
  check(
    'uri.parse("http://a.example:80/b%20c/d?x=1&y#f")',
    '{"fragment":"f","hostname":"a.example","path":"/b c/d","port":"80","raw_path":"/b c/d","raw_query":"x=1&y","scheme":"http"}',
  );
  check('uri.parse("HTTP://A")', '{"hostname":"A","scheme":"http"}');
  check('uri.parse("mailto:x@y")', '{"scheme":"mailto"}');
  check('uri.parse("//h/p")', '{"hostname":"h","path":"/p","raw_path":"/p"}');
  check('uri.parse("///p")', '{"path":"///p","raw_path":"///p"}');
  check('uri.parse("/p?q")', '{"path":"/p","raw_path":"/p","raw_query":"q"}');
  check('uri.parse("p/q")', '{"path":"p/q","raw_path":"p/q"}');
  check('uri.parse("a:b")', '{"scheme":"a"}');
  check(
    'uri.parse("1:b")',
    'eval_builtin_error: parse "1:b": first path segment in URL cannot contain colon',
  );
  check('uri.parse("a/b:c")', '{"path":"a/b:c","raw_path":"a/b:c"}');
  check('uri.parse(":x")', 'eval_builtin_error: parse ":x": missing protocol scheme');
  check('uri.parse("*")', '{"path":"*","raw_path":"*"}');
  check(
    'uri.parse("http://[::1]:80/")',
    '{"hostname":"::1","path":"/","port":"80","raw_path":"/","scheme":"http"}',
  );
  check('uri.parse("http://[::1")', "eval_builtin_error: parse \"http://[::1\": missing ']' in host");
  check(
    'uri.parse("http://[::1]x/")',
    'eval_builtin_error: parse "http://[::1]x/": invalid port "x" after host',
  );
  check('uri.parse("http://a:b/")', 'eval_builtin_error: parse "http://a:b/": invalid port ":b" after host');
  check('uri.parse("http://u:p@h/")', '{"hostname":"h","path":"/","raw_path":"/","scheme":"http"}');
  check('uri.parse("http://u @h/")', 'eval_builtin_error: parse "http://u @h/": net/url: invalid userinfo');
  check(
    'uri.parse("http://h h/")',
    'eval_builtin_error: parse "http://h h/": invalid character " " in host name',
  );
  check('uri.parse("http://h%41/")', 'eval_builtin_error: parse "http://h%41/": invalid URL escape "%41"');
  check('uri.parse("http://h%20/")', 'eval_builtin_error: parse "http://h%20/": invalid URL escape "%20"');
  check('uri.parse("http://h%e9/")', '{"hostname":"h�","path":"/","raw_path":"/","scheme":"http"}');
  check('uri.parse("/%zz")', 'eval_builtin_error: parse "/%zz": invalid URL escape "%zz"');
  check('uri.parse("/a%2fb")', '{"path":"/a/b","raw_path":"/a%2fb"}');
  check('uri.parse("/a%20b")', '{"path":"/a b","raw_path":"/a b"}');
  check('uri.parse("/a b")', '{"path":"/a b","raw_path":"/a b"}');
  check('uri.parse("/\\u00e9")', '{"path":"/é","raw_path":"/é"}');
  check('uri.parse("/%C3%A9")', '{"path":"/é","raw_path":"/é"}');
  check('uri.parse("#f")', '{"fragment":"f"}');
  check('uri.parse("#%zz")', 'eval_builtin_error: parse "#%zz": invalid URL escape "%zz"');
  check('uri.parse("?")', "{}");
  check('uri.parse("?q")', '{"raw_query":"q"}');
  check('uri.parse("??")', '{"raw_query":"?"}');
  check('uri.parse("http://h?")', '{"hostname":"h","scheme":"http"}');
  check('uri.parse("http://h?a?b")', '{"hostname":"h","raw_query":"a?b","scheme":"http"}');
  check(
    'uri.parse("\\u0001")',
    'eval_builtin_error: parse "\\x01": net/url: invalid control character in URL',
  );
  check(
    'uri.parse("http://h/\\u007f")',
    'eval_builtin_error: parse "http://h/\\x7f": net/url: invalid control character in URL',
  );
  check('uri.parse("http://h:")', '{"hostname":"h","scheme":"http"}');
  check(
    'uri.parse("http://[fe80::1%25en0]/")',
    '{"hostname":"fe80::1%en0","path":"/","raw_path":"/","scheme":"http"}',
  );
  check('uri.parse("http://h/a[b]")', '{"hostname":"h","path":"/a[b]","raw_path":"/a[b]","scheme":"http"}');
  check('uri.parse("x://h")', '{"hostname":"h","scheme":"x"}');
  check('uri.parse("http:///p")', '{"path":"/p","raw_path":"/p","scheme":"http"}');
  check('uri.parse("http:p")', '{"scheme":"http"}');
  check('uri.parse("a+b.c-d://x")', '{"hostname":"x","scheme":"a+b.c-d"}');
  check(
    'uri.parse("a_b://x")',
    'eval_builtin_error: parse "a_b://x": first path segment in URL cannot contain colon',
  );
  check(
    'uri.parse("%41:b")',
    'eval_builtin_error: parse "%41:b": first path segment in URL cannot contain colon',
  );
  check(
    'uri.parse("http://a:1:2/")',
    '{"hostname":"a:1","path":"/","port":"2","raw_path":"/","scheme":"http"}',
  );
  check('uri.parse("//")', "{}");
  check('uri.parse("//h")', '{"hostname":"h"}');
  check('uri.parse("/..//./x")', '{"path":"/..//./x","raw_path":"/..//./x"}');
  check(
    'uri.parse("http://h/a;b=c,d@e:f$g!h*i\'j(k)")',
    '{"hostname":"h","path":"/a;b=c,d@e:f$g!h*i\'j(k)","raw_path":"/a;b=c,d@e:f$g!h*i\'j(k)","scheme":"http"}',
  );
  check('uri.parse("http://h\\"<>/")', '{"hostname":"h\\"<>","path":"/","raw_path":"/","scheme":"http"}');
  check(
    'uri.parse("http://h^/")',
    'eval_builtin_error: parse "http://h^/": invalid character "^" in host name',
  );
  check("uri.parse(1)", "eval_type_error: operand 1 must be string but got number");
});

test("uri.is_valid is false for what cannot be parsed", () => {
  check('uri.is_valid("")', "false");
  check('uri.is_valid("http://a.example:80/b%20c/d?x=1&y#f")', "true");
  check('uri.is_valid("HTTP://A")', "true");
  check('uri.is_valid("mailto:x@y")', "true");
  check('uri.is_valid("//h/p")', "true");
  check('uri.is_valid("///p")', "true");
  check('uri.is_valid("/p?q")', "true");
  check('uri.is_valid("p/q")', "true");
  check('uri.is_valid("a:b")', "true");
  check('uri.is_valid("1:b")', "false");
  check('uri.is_valid("a/b:c")', "true");
  check('uri.is_valid(":x")', "false");
  check('uri.is_valid("*")', "true");
  check('uri.is_valid("http://[::1]:80/")', "true");
  check('uri.is_valid("http://[::1")', "false");
  check('uri.is_valid("http://[::1]x/")', "false");
  check('uri.is_valid("http://a:b/")', "false");
  check('uri.is_valid("http://u:p@h/")', "true");
  check('uri.is_valid("http://u @h/")', "false");
  check('uri.is_valid("http://h h/")', "false");
  check('uri.is_valid("http://h%41/")', "false");
  check('uri.is_valid("http://h%20/")', "false");
  check('uri.is_valid("http://h%e9/")', "true");
  check('uri.is_valid("/%zz")', "false");
  check('uri.is_valid("/a%2fb")', "true");
  check('uri.is_valid("/a%20b")', "true");
  check('uri.is_valid("/a b")', "true");
  check('uri.is_valid("/\\u00e9")', "true");
  check('uri.is_valid("/%C3%A9")', "true");
  check('uri.is_valid("#f")', "true");
  check('uri.is_valid("#%zz")', "false");
  check('uri.is_valid("?")', "true");
  check('uri.is_valid("?q")', "true");
  check('uri.is_valid("??")', "true");
  check('uri.is_valid("http://h?")', "true");
  check('uri.is_valid("http://h?a?b")', "true");
  check('uri.is_valid("\\u0001")', "false");
  check('uri.is_valid("http://h/\\u007f")', "false");
  check('uri.is_valid("http://h:")', "true");
  check('uri.is_valid("http://[fe80::1%25en0]/")', "true");
  check('uri.is_valid("http://h/a[b]")', "true");
  check('uri.is_valid("x://h")', "true");
  check('uri.is_valid("http:///p")', "true");
  check('uri.is_valid("http:p")', "true");
  check('uri.is_valid("a+b.c-d://x")', "true");
  check('uri.is_valid("a_b://x")', "false");
  check('uri.is_valid("%41:b")', "false");
  check('uri.is_valid("http://a:1:2/")', "true");
  check('uri.is_valid("//")', "true");
  check('uri.is_valid("//h")', "true");
  check('uri.is_valid("/..//./x")', "true");
  check('uri.is_valid("http://h/a;b=c,d@e:f$g!h*i\'j(k)")', "true");
  check('uri.is_valid("http://h\\"<>/")', "true");
  check('uri.is_valid("http://h^/")', "false");
  check("uri.is_valid(1)", "false");
});
