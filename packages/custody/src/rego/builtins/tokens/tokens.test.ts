import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { tokenBuiltins } from "./index.ts";

const check = checker(tokenBuiltins, { now: () => 2_000_000_000_000_000_000n });

test("io.jwt.decode shows header, payload and signature", () => {
  check(
    'io.jwt.decode("eyJhbGciOiAiSFMyNTYifQ.eyJhIjogMX0.X43OvyBeqkCC21UTPET11Frma-drI7vVn4enuI4STmU")',
    '[{"alg":"HS256"},{"a":1},"5f8dcebf205eaa4082db55133c44f5d45ae66be76b23bbd59f87a7b88e124e65"]',
  );
  check(
    'io.jwt.decode("eyJhbGciOiAiSFMyNTYiLCAiY3R5IjogIkpXVCJ9.ImV5SmhiR2NpT2lBaVNGTXlOVFlpZlEuZXlKaUlqb2dNbjAuM1F1RmZSTWRNMVlJRmE4Wl9RSkNFTEUwektEMVh3QzNGbUlsLWtMeGt5cyI.j9muWTW_o0resHZc-b4z0K3HCrHrOrGNJSM3EQU4Qjk")',
    '[{"alg":"HS256"},{"b":2},"dd0b857d131d33560815af19fd024210b134cca0f55f00b7166225fa42f1932b"]',
  );
  check('io.jwt.decode("x.y")', "eval_builtin_error: encoded JWT must have 3 sections, found 2");
  check('io.jwt.decode("xy")', "eval_builtin_error: encoded JWT had no period separators");
  check('io.jwt.decode("a.b.c.d")', "eval_builtin_error: encoded JWT must have 3 sections, found 4");
  check(
    'io.jwt.decode("\\u00e9.e30.x")',
    "eval_builtin_error: JWT header had invalid encoding: illegal base64 data at input byte 0",
  );
  check(
    'io.jwt.decode("e30.!.x")',
    "eval_builtin_error: JWT payload had invalid encoding: illegal base64url string: !",
  );
  check(
    'io.jwt.decode("e30.e30.((((")',
    "eval_builtin_error: JWT signature had invalid encoding: illegal base64 data at input byte 0",
  );
  check(
    'io.jwt.decode("W10.e30.")',
    "eval_builtin_error: bad JWT header: decoded JSON type was not an Object",
  );
  check('io.jwt.decode("ew.e30.")', "eval_builtin_error: bad JWT header: invalid JSON: unexpected EOF");
  check('io.jwt.decode("e30.MQ.")', "eval_builtin_error: decoded JSON type was not an Object");
  check(
    'io.jwt.decode("eyJlbmMiOiJ4In0.e30.")',
    "eval_builtin_error: JWT is a JWE object, which is not supported",
  );
  check("io.jwt.decode(1)", "eval_type_error: operand 1 must be string but got number");
});

test("io.jwt.verify_hs256 compares the MAC", () => {
  check(
    'io.jwt.verify_hs256("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", "secret")',
    "true",
  );
  check(
    'io.jwt.verify_hs256("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", "other")',
    "false",
  );
  check(
    'io.jwt.verify_hs384("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", "secret")',
    "false",
  );
  check(
    'io.jwt.verify_hs512("x.y", "secret")',
    "eval_builtin_error: encoded JWT must have 3 sections, found 2",
  );
  check("io.jwt.verify_hs256(1, 2)", "eval_type_error: operand 1 must be string but got number");
  check('io.jwt.verify_hs256("x", 2)', "eval_type_error: operand 2 must be string but got number");
  check('io.jwt.verify_hs256("a.b.~", "x")', "eval_builtin_error: illegal base64url string: ~");
});

test("keys must be readable", () => {
  check(
    'io.jwt.verify_rs256("eyJhbGciOiAiUlMyNTYifQ.e30.Y_USgNXAg3DtGlEzldYCzwDwXnU48HRwhfJI1qeQXCU", "")',
    "eval_builtin_error: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: failed to probe data: probe: failed to unmarshal data: EOF",
  );
  check(
    'io.jwt.verify_rs256("eyJhbGciOiAiUlMyNTYifQ.e30.Y_USgNXAg3DtGlEzldYCzwDwXnU48HRwhfJI1qeQXCU", "x")',
    "eval_builtin_error: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: failed to probe data: probe: failed to unmarshal data: invalid character 'x' looking for beginning of value",
  );
  check(
    'io.jwt.verify_rs256("eyJhbGciOiAiUlMyNTYifQ.e30.Y_USgNXAg3DtGlEzldYCzwDwXnU48HRwhfJI1qeQXCU", "{}")',
    "eval_builtin_error: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: invalid key type from JSON ()",
  );
  check(
    'io.jwt.verify_rs256("eyJhbGciOiAiUlMyNTYifQ.e30.Y_USgNXAg3DtGlEzldYCzwDwXnU48HRwhfJI1qeQXCU", "{\\"keys\\":[]}")',
    "false",
  );
  check(
    'io.jwt.verify_rs256("eyJhbGciOiAiUlMyNTYifQ.e30.Y_USgNXAg3DtGlEzldYCzwDwXnU48HRwhfJI1qeQXCU", "-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----")',
    "eval_builtin_error: failed to parse a PEM certificate: x509: malformed certificate",
  );
  check(
    'io.jwt.verify_rs256("eyJhbGciOiAiUlMyNTYifQ.e30.Y_USgNXAg3DtGlEzldYCzwDwXnU48HRwhfJI1qeQXCU", "-----BEGIN X-----\\nAAAA\\n-----END X-----\\n")',
    "eval_builtin_error: failed to extract a Key from the PEM certificate",
  );
  check(
    'io.jwt.verify_rs256("eyJhbGciOiAiUlMyNTYifQ.e30.Y_USgNXAg3DtGlEzldYCzwDwXnU48HRwhfJI1qeQXCU", "-----BEGIN X-----\\nAAAA\\n-----END X-----\\nx")',
    "eval_builtin_error: extra data after a PEM certificate block",
  );
  check(
    'io.jwt.verify_rs256("eyJhbGciOiAiUlMyNTYifQ.e30.Y_USgNXAg3DtGlEzldYCzwDwXnU48HRwhfJI1qeQXCU", 1)',
    "eval_type_error: operand 2 must be string but got number",
  );
  check("io.jwt.verify_rs256(1, 1)", "eval_type_error: operand 1 must be string but got number");
});

test("io.jwt.decode_verify wants one key and knows its constraints", () => {
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", {})',
    "eval_builtin_error: no key constraint",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", {"x": 1})',
    "eval_builtin_error: unknown token validation constraint: x",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", {"secret": 1})',
    "eval_builtin_error: secret constraint: must be a string",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", {"cert": 1})',
    "eval_builtin_error: cert constraint: must be a string",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", {"secret": "secret", "time": "x"})',
    "eval_builtin_error: token time constraint: must be a number",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", {"secret": "secret", "time": -1})',
    "eval_builtin_error: token time constraint: must not be negative",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", {"secret": "secret", "iss": 1})',
    "eval_builtin_error: iss constraint: must be a string",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", "x")',
    "eval_type_error: operand 2 must be object but got string",
  );
  check(
    'io.jwt.decode_verify(1, {"secret": "secret"})',
    "eval_type_error: operand 1 must be string but got number",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", {"secret": "secret", "cert": "{\\"kty\\":\\"oct\\",\\"k\\":\\"AAAA\\"}"})',
    "eval_builtin_error: duplicate key constraints",
  );
});

test("io.jwt.decode_verify checks the header", () => {
  check(
    'io.jwt.decode_verify("e30.eyJhIjogMX0.UoqdP10f4_ucnmqef5hrPGI8s4ewS2LkIBeW-EXjZWc", {"secret": "secret"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiIn0.eyJhIjogMX0.svhVGRTdOXoUM58Si82cTXaeBjy8IuGuH25i0N2xx48", {"secret": "secret"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAxfQ.eyJhIjogMX0.FhcoZzWqT7DsK8qDpk3gzF4zoTMJzlcT52NEGP-YnBQ", {"secret": "secret"})',
    "eval_builtin_error: alg: must be a string",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFM1MTIifQ.eyJhIjogMX0.b9vVWG_QdClBrl7vhK30uH6Pv3_O_7968_N6z9SPZsQ", {"secret": "secret"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAibm9uZSJ9.eyJhIjogMX0.teX5JhmO2lvdCCnA60XfAtk7Dsc4mMmDn0xWzn9VbxI", {"secret": "secret"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYiLCAia2lkIjogMX0.eyJhIjogMX0.xd2fs3mr6nunTPKuY1vmwtQEdvgWW5u_dAd3d_n_qS0", {"secret": "secret"})',
    "eval_builtin_error: kid: must be a string",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYiLCAiY3JpdCI6IFsieCJdfQ.eyJhIjogMX0.mB3O1l-MFwFk2KeNTrcaQ4tX4CfcFFARnbTPBroLFH8", {"secret": "secret"})',
    '[true,{"alg":"HS256","crit":["x"]},{"a":1}]',
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYiLCAiY3JpdCI6IFsieCJdLCAieCI6IDF9.eyJhIjogMX0.xeBYfSrmcufU5dl-k6A8625iUreuXZrhTCWnZDeYWF8", {"secret": "secret"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYiLCAiY3JpdCI6IFsiYWxnIl19.eyJhIjogMX0.0PY58ykqtxjd0ZSF8yjIBsIrba0OAGzK2tZRHHQQ2JI", {"secret": "secret"})',
    '[true,{"alg":"HS256","crit":["alg"]},{"a":1}]',
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYiLCAiY3JpdCI6IFtdfQ.eyJhIjogMX0.rHQ_7AdcH4XZbtVjq6v-fB9TRQpmvFxpb3j2w6H9YFw", {"secret": "secret"})',
    "eval_builtin_error: crit: must be a nonempty list",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYiLCAiY3JpdCI6ICJ4In0.eyJhIjogMX0.1mFApO4ZXWpVla2SS5wmyJuDC9EJh4sau8yw6WZ9Grs", {"secret": "secret"})',
    "eval_builtin_error: crit: must be a list",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYiLCAiY3JpdCI6IFsxLCAieCJdLCAieCI6IDF9.eyJhIjogMX0.i3Y3_IhnNATD80JOkyHhOqqedGJXLhnYSM_2yOXSvSY", {"secret": "secret"})',
    "eval_builtin_error: crit: must be a nonempty list",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYiLCAidHlwIjogMn0.eyJhIjogMX0.brroIw4DR1RlqE9eZ0GSYBtHbfgkfvmqZ4-J3iY4YQw", {"secret": "secret"})',
    "eval_builtin_error: typ: must be a string",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYiLCAib3RoZXIiOiAyfQ.eyJhIjogMX0.oX4xxlYDVw74fW91qgZ0MdMoIpEJIVjKBLVzMc7StMs", {"secret": "secret"})',
    '[true,{"alg":"HS256","other":2},{"a":1}]',
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", {"secret": "secret", "alg": "HS256"})',
    '[true,{"alg":"HS256"},{}]',
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", {"secret": "secret", "alg": "HS512"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJ6IjogMX0.mgKOQmUkA3LcFEsYoHmU8WiTsilBkSWy-e6zowz_new", {"cert": "{\\"kty\\":\\"oct\\",\\"k\\":\\"c2VjcmV0\\"}"})',
    '[true,{"alg":"HS256"},{"z":1}]',
  );
});

test("io.jwt.decode_verify checks issuer, audience and times", () => {
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJpc3MiOiAiYSJ9.zo-tTv-mKgQ3oLylnsjxDEIIii903Lv4O4PmylHmcJY", {"secret": "secret", "iss": "a"})',
    '[true,{"alg":"HS256"},{"iss":"a"}]',
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJpc3MiOiAiYSJ9.zo-tTv-mKgQ3oLylnsjxDEIIii903Lv4O4PmylHmcJY", {"secret": "secret", "iss": "b"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", {"secret": "secret", "iss": "b"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJpc3MiOiAiYSJ9.zo-tTv-mKgQ3oLylnsjxDEIIii903Lv4O4PmylHmcJY", {"secret": "secret"})',
    '[true,{"alg":"HS256"},{"iss":"a"}]',
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJhdWQiOiAiYSJ9.AxgoY_xjXClEweLisTfjqqHZBc7BWCI3jDiVIu87J3U", {"secret": "secret", "aud": "a"})',
    '[true,{"alg":"HS256"},{"aud":"a"}]',
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJhdWQiOiBbImEiLCAiYiJdfQ.n64EY_C8NSqgB_kFmFExK8x2tJAGOvsjeJ_JPx6I4LM", {"secret": "secret", "aud": "b"})',
    '[true,{"alg":"HS256"},{"aud":["a","b"]}]',
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJhdWQiOiBbImEiXX0.9W4IxC_Q_thTpbOLQFtlWSVzU9qH8O-wykucM7PJL0Y", {"secret": "secret", "aud": "b"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJhdWQiOiAiYSJ9.AxgoY_xjXClEweLisTfjqqHZBc7BWCI3jDiVIu87J3U", {"secret": "secret"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJhdWQiOiAxfQ.yP7ake7-1mddAI__xmr5kIcXk2Ms8pN9kMSK_AulFxA", {"secret": "secret", "aud": "a"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.e30.5KNTEYfNPL-QJUl4K82yzs1w52fYinqwB3nbF5jC2R8", {"secret": "secret", "aud": "a"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJleHAiOiAxMH0.f84sCkmUg6KBZHYg1v0BOlY4rBFYtVxm5IB_EvG8RP8", {"secret": "secret", "time": 9999999999})',
    '[true,{"alg":"HS256"},{"exp":10}]',
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJleHAiOiAxMH0.f84sCkmUg6KBZHYg1v0BOlY4rBFYtVxm5IB_EvG8RP8", {"secret": "secret", "time": 10000000000})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJleHAiOiAxMC41fQ.YImC2RrDO_6itWIAa_ZblgrOQJyyLoXxdhiVlVR05o4", {"secret": "secret", "time": 10400000000})',
    '[true,{"alg":"HS256"},{"exp":10.5}]',
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJuYmYiOiAxMH0.6DW-Xv_hx92WX8sljyGUOGUCJ7xhdGzSMR3jvIOXCxk", {"secret": "secret", "time": 9999999999})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJuYmYiOiAxMH0.6DW-Xv_hx92WX8sljyGUOGUCJ7xhdGzSMR3jvIOXCxk", {"secret": "secret", "time": 10000000000})',
    '[true,{"alg":"HS256"},{"nbf":10}]',
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJleHAiOiAieCJ9.Ob2zfpwdLGU51G33xUJN7jkTbrqS0G0hjE5SzrcIuKs", {"secret": "secret"})',
    "eval_builtin_error: exp value must be a number",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJuYmYiOiAieCJ9.AB-0daLXKXSMHPiWy7srgegy9Lj2nRGOGxk_FJcVX5U", {"secret": "secret"})',
    "eval_builtin_error: nbf value must be a number",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eyJleHAiOiAxfQ.DczH6RETNtb8tMWjT0ETlHhZDXPb00xGy0x2k6A39bY", {"secret": "secret"})',
    "[false,{},{}]",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.W10.rPYMKtvuNbSiHHJ8YbGdPWOrpzyNWbkbQQEGNF7mKIw", {"secret": "secret"})',
    "eval_builtin_error: decoded JSON type was not an Object",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYifQ.eA.9lhhAwTs9tyjw7QpF752YkwdLizrlHVBim-ePfQw2Aw", {"secret": "secret"})',
    "eval_builtin_error: invalid JSON: invalid character 'x' looking for beginning of value",
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYiLCAiY3R5IjogImp3dCJ9.ZXlKaGJHY2lPaUFpU0ZNeU5UWWlmUS5leUp1SWpvZ01YMC5WRlEySjQ3b29PR3o2cjdNUEhlS3BTN2dTTy1KS0dYQ2xhVHlEQ1hKLU5n.68iHo2y0eTb6BeRwqpmAL7WYQkBN_bRbZD80gQfcod8", {"secret": "secret"})',
    '[true,{"alg":"HS256"},{"n":1}]',
  );
  check(
    'io.jwt.decode_verify("eyJhbGciOiAiSFMyNTYiLCAiY3R5IjogImp3dCJ9.ZXlKaGJHY2lPaUFpU0ZNeU5UWWlmUS5leUp1SWpvZ01YMC5nelI3aEV6ZWFaejRqZGR0SXBLQkRaMXN0bGJfVTE3RmxNQ0ZPNEFLUGxZ.a_kHoVAp_Z2s5NGakWpZ7yD4xFynK4ICTidy2AAcWlM", {"secret": "secret"})',
    "[false,{},{}]",
  );
});

test("io.jwt.encode_sign writes JSON with its names in order", () => {
  check(
    'io.jwt.encode_sign({"typ": "JWT", "alg": "HS256"}, {"b": 1, "a": "<"}, {"kty": "oct", "k": "c2VjcmV0"})',
    '"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhIjoiXHUwMDNjIiwiYiI6MX0.8fKJoUJxLZ_O9EYyrRUUcpos4Mdy115us1GBBPMdqL0"',
  );
  check(
    'io.jwt.encode_sign({"alg": "HS512"}, {}, {"kty": "oct", "k": "c2VjcmV0"})',
    '"eyJhbGciOiJIUzUxMiJ9.e30.P_BilX5OMTZKsBDTFb9h2C5aNxDSLeVYdFVlW-kFPt8qhmCbCCSc59tt4AGdEHRhjIdKjE-Q-d0Se3XEk0_EuQ"',
  );
  check(
    'io.jwt.encode_sign({"alg": "x"}, {}, {"kty": "oct", "k": "c2VjcmV0"})',
    "eval_builtin_error: unknown JWS algorithm: x",
  );
  check(
    'io.jwt.encode_sign({}, {}, {"kty": "oct", "k": "c2VjcmV0"})',
    "eval_builtin_error: missing or invalid 'alg' header: jwsbb: header \"alg\" not found",
  );
  check(
    'io.jwt.encode_sign({"alg": 1}, {}, {"kty": "oct", "k": "c2VjcmV0"})',
    "eval_builtin_error: missing or invalid 'alg' header: value doesn't contain string; it contains number",
  );
});

test("io.jwt.encode_sign_raw takes the texts as they are", () => {
  check(
    'io.jwt.encode_sign_raw("{ \\"alg\\": \\"HS256\\" }", "{ }", "{\\"kty\\": \\"oct\\", \\"k\\": \\"c2VjcmV0\\"}")',
    '"eyAiYWxnIjogIkhTMjU2IiB9.eyB9.9wlJreT_PM8PqN7fSEISI5SGAOEAMzMw5pkG6paKPaU"',
  );
  check(
    'io.jwt.encode_sign_raw("{\\"alg\\":\\"HS256\\"}", "x", "{\\"kty\\": \\"oct\\", \\"k\\": \\"c2VjcmV0\\"}")',
    "eval_builtin_error: type is JWT but payload is not JSON",
  );
  check(
    'io.jwt.encode_sign_raw("{\\"alg\\":\\"HS256\\",\\"typ\\":\\"text\\"}", "x", "{\\"kty\\": \\"oct\\", \\"k\\": \\"c2VjcmV0\\"}")',
    '"eyJhbGciOiJIUzI1NiIsInR5cCI6InRleHQifQ.eA.zXggGZ7QS71_vhCdFavRWN5CwU-x8aJvx925S2Wi5fM"',
  );
  check(
    'io.jwt.encode_sign_raw("", "{}", "{\\"kty\\": \\"oct\\", \\"k\\": \\"c2VjcmV0\\"}")',
    "eval_builtin_error: missing or invalid 'alg' header: cannot parse JSON: cannot parse empty string; unparsed tail: \"\"",
  );
  check(
    'io.jwt.encode_sign_raw("e", "{}", "{\\"kty\\": \\"oct\\", \\"k\\": \\"c2VjcmV0\\"}")',
    "eval_builtin_error: missing or invalid 'alg' header: jwsbb: header \"alg\" not found",
  );
  check("io.jwt.encode_sign_raw(1, 2, 3)", "eval_type_error: operand 3 must be string but got number");
  check(
    'io.jwt.encode_sign_raw(1, 2, "{\\"kty\\": \\"oct\\", \\"k\\": \\"c2VjcmV0\\"}")',
    "eval_type_error: operand 1 must be string but got number",
  );
  check(
    'io.jwt.encode_sign_raw("", 2, "{\\"kty\\": \\"oct\\", \\"k\\": \\"c2VjcmV0\\"}")',
    "eval_type_error: operand 2 must be string but got number",
  );
});

test("keys that are none, or do not fit, are named as OPA's library does", () => {
  const parse = "jwk.Parse: failed to parse sole key: jwk.ParseKey: ";
  const unmarshal = (type: string): string =>
    `${parse}failed to unmarshal JSON into key (*jwk.${type}): failed to unmarshal JSON into key (*jwk.${type}): `;
  for (const [algorithm, key, reason] of [
    ["HS256", '{"kty":"oct"}', `${unmarshal("symmetricKey")}required field k is missing`],
    [
      "HS256",
      '{"kty":"oct","k":""}',
      `${parse}jwk.Parse: key validation failed: key validation failed: jwk.SymmetricKey: missing "k" field`,
    ],
    [
      "HS256",
      '{"kty":"oct","k":"!!"}',
      `${unmarshal("symmetricKey")}failed to decode value for key k: expected base64 encoded []byte (string)`,
    ],
    ["HS256", '{"kty":"RSA"}', `${unmarshal("rsaPublicKey")}required field e is missing`],
    ["HS256", '{"kty":"EC"}', `${unmarshal("ecdsaPublicKey")}required field crv is missing`],
    ["HS256", '{"kty":"OKP","crv":"Ed25519"}', `${unmarshal("okpPublicKey")}required field x is missing`],
    ["HS256", "{}", `${parse}invalid key type from JSON ()`],
    [
      "RS256",
      '{"kty":"oct","k":"c2VjcmV0"}',
      "jwsbb.Sign: invalid key type *jwk.symmetricKey. *rsa.PrivateKey is required: failed to produce rsa.PrivateKey from *jwk.symmetricKey: jwk.Export: no suitable exporter found for key type '*jwk.symmetricKey'",
    ],
    [
      "HS256",
      '{"kty":"RSA","n":"AQAB","e":"AQAB"}',
      "jwsbb.Sign: invalid key type *jwk.rsaPublicKey. []byte is required: keyconv: failed to produce []byte from *jwk.rsaPublicKey: jwk.Export: no suitable exporter found for key type '*jwk.rsaPublicKey'",
    ],
  ] as const) {
    check(`io.jwt.encode_sign({"alg":"${algorithm}"}, {}, ${key})`, `eval_builtin_error: ${reason}`);
  }
});
