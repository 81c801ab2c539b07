import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { timeBuiltins } from "./index.ts";

const check = checker(timeBuiltins);

test("time.parse_duration_ns reads Go's units, days, weeks and years", () => {
  check('time.parse_duration_ns("")', 'eval_builtin_error: time: invalid duration ""');
  check('time.parse_duration_ns("0")', "0");
  check('time.parse_duration_ns("1")', 'eval_builtin_error: time: missing unit in duration "1"');
  check('time.parse_duration_ns("1s")', "1000000000");
  check('time.parse_duration_ns("-1s")', "-1000000000");
  check('time.parse_duration_ns("+1s")', "1000000000");
  check('time.parse_duration_ns("1.5h")', "5400000000000");
  check('time.parse_duration_ns("1h30m")', "5400000000000");
  check('time.parse_duration_ns("100ms")', "100000000");
  check('time.parse_duration_ns("1us")', "1000");
  check('time.parse_duration_ns("1\\u00b5s")', "1000");
  check('time.parse_duration_ns("1\\u03bcs")', "1000");
  check('time.parse_duration_ns("1ns")', "1");
  check('time.parse_duration_ns("1x")', 'eval_builtin_error: time: unknown unit "x" in duration "1x"');
  check('time.parse_duration_ns("s")', 'eval_builtin_error: time: invalid duration "s"');
  check('time.parse_duration_ns("1.s")', "1000000000");
  check('time.parse_duration_ns(".5s")', "500000000");
  check('time.parse_duration_ns(".s")', 'eval_builtin_error: time: invalid duration ".s"');
  check('time.parse_duration_ns("1..5s")', 'eval_builtin_error: time: missing unit in duration "1..5s"');
  check('time.parse_duration_ns("1d")', "86400000000000");
  check('time.parse_duration_ns("1.5d")', "129600000000000");
  check('time.parse_duration_ns("1w")', "604800000000000");
  check('time.parse_duration_ns("1y")', "31536000000000000");
  check('time.parse_duration_ns("1d2h30m")', "95400000000000");
  check('time.parse_duration_ns("-1d")', "-86400000000000");
  check('time.parse_duration_ns("1dd")', 'eval_builtin_error: time: invalid duration "1dd"');
  check('time.parse_duration_ns("d")', 'eval_builtin_error: time: invalid duration "d"');
  check('time.parse_duration_ns("1d ")', 'eval_builtin_error: time: invalid duration "1d "');
  check('time.parse_duration_ns("1day")', 'eval_builtin_error: time: invalid duration "1day"');
  check('time.parse_duration_ns("0.1d")', "8640000000000");
  check('time.parse_duration_ns("1e3s")', 'eval_builtin_error: time: unknown unit "e" in duration "1e3s"');
  check('time.parse_duration_ns("9223372036854775807ns")', "9223372036854775807");
  check(
    'time.parse_duration_ns("9223372036854775808ns")',
    'eval_builtin_error: time: invalid duration "9223372036854775808ns"',
  );
  check('time.parse_duration_ns("-9223372036854775808ns")', "-9223372036854775808");
  check(
    'time.parse_duration_ns("-9223372036854775809ns")',
    'eval_builtin_error: time: invalid duration "-9223372036854775809ns"',
  );
  check('time.parse_duration_ns("292y")', "9208512000000000000");
  check('time.parse_duration_ns("293y")', 'eval_builtin_error: time: invalid duration "293y"');
  check('time.parse_duration_ns("1h1")', 'eval_builtin_error: time: missing unit in duration "1h1"');
  check('time.parse_duration_ns("1.1.1d")', 'eval_builtin_error: time: invalid duration "1.1.1d"');
  check(
    'time.parse_duration_ns("1m1x1d")',
    'eval_builtin_error: time: unknown unit "x" in duration "1m1x1d"',
  );
  check('time.parse_duration_ns("0d")', "0");
  check('time.parse_duration_ns("--1s")', 'eval_builtin_error: time: invalid duration "--1s"');
  check(
    'time.parse_duration_ns("99999999999999999999s")',
    'eval_builtin_error: time: invalid duration "99999999999999999999s"',
  );
  check('time.parse_duration_ns("0.000000001s")', "1");
  check('time.parse_duration_ns("0.0000000009s")', "0");
  check('time.parse_duration_ns("1.123456789123456789123456789s")', "1123456789");
  check('time.parse_duration_ns("1ms1us")', "1001000");
  check('time.parse_duration_ns("1d1\\u00b5s")', "86400000001000");
  check('time.parse_duration_ns("1d1\\u03bcs")', 'eval_builtin_error: time: invalid duration "1d1μs"');
  check('time.parse_duration_ns("0.000000000001d")', "86");
  check('time.parse_duration_ns("1 s")', 'eval_builtin_error: time: unknown unit " s" in duration "1 s"');
  check("time.parse_duration_ns(1)", "eval_type_error: operand 1 must be string but got number");
});

test("time.parse_rfc3339_ns reads what Go reads", () => {
  check('time.parse_rfc3339_ns("1970-01-01T00:00:00Z")', "0");
  check('time.parse_rfc3339_ns("2017-06-02T19:00:00-07:00")', "1496455200000000000");
  check('time.parse_rfc3339_ns("2020-02-29T12:00:00.5Z")', "1582977600500000000");
  check(
    'time.parse_rfc3339_ns("2021-02-29T12:00:00Z")',
    'eval_builtin_error: parsing time "2021-02-29T12:00:00Z": day out of range',
  );
  check(
    'time.parse_rfc3339_ns("2020-13-01T00:00:00Z")',
    'eval_builtin_error: parsing time "2020-13-01T00:00:00Z": month out of range',
  );
  check(
    'time.parse_rfc3339_ns("2020-01-32T00:00:00Z")',
    'eval_builtin_error: parsing time "2020-01-32T00:00:00Z": day out of range',
  );
  check(
    'time.parse_rfc3339_ns("2020-01-01T24:00:00Z")',
    'eval_builtin_error: parsing time "2020-01-01T24:00:00Z": hour out of range',
  );
  check(
    'time.parse_rfc3339_ns("2020-01-01T00:60:00Z")',
    'eval_builtin_error: parsing time "2020-01-01T00:60:00Z": minute out of range',
  );
  check(
    'time.parse_rfc3339_ns("2020-01-01T00:00:60Z")',
    'eval_builtin_error: parsing time "2020-01-01T00:00:60Z": second out of range',
  );
  check(
    'time.parse_rfc3339_ns("2020-01-01")',
    'eval_builtin_error: parsing time "2020-01-01" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"',
  );
  check(
    'time.parse_rfc3339_ns("2020-01-01T00:00:00")',
    'eval_builtin_error: parsing time "2020-01-01T00:00:00" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"',
  );
  check(
    'time.parse_rfc3339_ns("2020-01-01T00:00:00Zx")',
    'eval_builtin_error: parsing time "2020-01-01T00:00:00Zx": extra text: "x"',
  );
  check(
    'time.parse_rfc3339_ns("x")',
    'eval_builtin_error: parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
  );
  check(
    'time.parse_rfc3339_ns("")',
    'eval_builtin_error: parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"',
  );
  check(
    'time.parse_rfc3339_ns("2020-1-1T00:00:00Z")',
    'eval_builtin_error: parsing time "2020-1-1T00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse "1-1T00:00:00Z" as "01"',
  );
  check(
    'time.parse_rfc3339_ns("2020-01-01t00:00:00z")',
    'eval_builtin_error: parsing time "2020-01-01t00:00:00z" as "2006-01-02T15:04:05Z07:00": cannot parse "t00:00:00z" as "T"',
  );
  check('time.parse_rfc3339_ns("2020-01-01T00:00:00,123Z")', "1577836800123000000");
  check('time.parse_rfc3339_ns("2020-01-01T00:00:00.1234567899999Z")', "1577836800123456789");
  check('time.parse_rfc3339_ns("2020-01-01T00:00:00+24:00")', "1577750400000000000");
  check(
    'time.parse_rfc3339_ns("2020-01-01T00:00:00+25:00")',
    'eval_builtin_error: parsing time "2020-01-01T00:00:00+25:00": time zone offset hour out of range',
  );
  check(
    'time.parse_rfc3339_ns("2020-01-01T00:00:00+00:61")',
    'eval_builtin_error: parsing time "2020-01-01T00:00:00+00:61": time zone offset minute out of range',
  );
  check(
    'time.parse_rfc3339_ns("2020-01-01T00:00:00+0000")',
    'eval_builtin_error: parsing time "2020-01-01T00:00:00+0000" as "2006-01-02T15:04:05Z07:00": cannot parse "+0000" as "Z07:00"',
  );
  check('time.parse_rfc3339_ns("0000-01-01T00:00:00Z")', "eval_builtin_error: time outside of valid range");
  check('time.parse_rfc3339_ns("9999-01-01T00:00:00Z")', "eval_builtin_error: time outside of valid range");
  check('time.parse_rfc3339_ns("1677-09-21T00:12:43.145224192Z")', "-9223372036854775808");
  check(
    'time.parse_rfc3339_ns("1677-09-21T00:12:43.145224191Z")',
    "eval_builtin_error: time outside of valid range",
  );
  check('time.parse_rfc3339_ns("2020-01-01T0:00:00Z")', "1577836800000000000");
  check(
    'time.parse_rfc3339_ns("2020-01-01T00:00:00.Z")',
    'eval_builtin_error: parsing time "2020-01-01T00:00:00.Z" as "2006-01-02T15:04:05Z07:00": cannot parse ".Z" as "Z07:00"',
  );
  check(
    'time.parse_rfc3339_ns("-020-01-01T00:00:00Z")',
    'eval_builtin_error: parsing time "-020-01-01T00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse "-020-01-01T00:00:00Z" as "2006"',
  );
  check(
    'time.parse_rfc3339_ns("2020-00-01T00:00:00Z")',
    'eval_builtin_error: parsing time "2020-00-01T00:00:00Z": month out of range',
  );
  check(
    'time.parse_rfc3339_ns("2020-01-00T00:00:00Z")',
    'eval_builtin_error: parsing time "2020-01-00T00:00:00Z": day out of range',
  );
  check(
    'time.parse_rfc3339_ns("2020-01-01T00:00:00.5")',
    'eval_builtin_error: parsing time "2020-01-01T00:00:00.5" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"',
  );
  check(
    'time.parse_rfc3339_ns("\\u00e9\\"\\\\")',
    'eval_builtin_error: parsing time "\\xc3\\xa9\\"\\\\" as "2006-01-02T15:04:05Z07:00": cannot parse "\\xc3\\xa9\\"\\\\" as "2006"',
  );
});

test("time.parse_ns reads Go's layouts", () => {
  check('time.parse_ns("2006", "2020")', "1577836800000000000");
  check('time.parse_ns("06", "68")', "3092601600000000000");
  check('time.parse_ns("06", "69")', "-31536000000000000");
  check('time.parse_ns("06", "x")', 'eval_builtin_error: parsing time "x" as "06": cannot parse "x" as "06"');
  check('time.parse_ns("Jan 2 2006", "feb 3 2021")', "1612310400000000000");
  check('time.parse_ns("January 2 2006", "FEBRUARY 3 2021")', "1612310400000000000");
  check(
    'time.parse_ns("January 2 2006", "Feb 3 2021")',
    'eval_builtin_error: parsing time "Feb 3 2021" as "January 2 2006": cannot parse "Feb 3 2021" as "January"',
  );
  check('time.parse_ns("Mon Jan _2 2006", "Tue Mar  5 2019")', "1551744000000000000");
  check(
    'time.parse_ns("Mon Jan _2 2006", "Xxx Mar  5 2019")',
    'eval_builtin_error: parsing time "Xxx Mar  5 2019" as "Mon Jan _2 2006": cannot parse "Xxx Mar  5 2019" as "Mon"',
  );
  check('time.parse_ns("Monday 2006", "Monday 2019")', "1546300800000000000");
  check(
    'time.parse_ns("02 Jan 2006", "5 Mar 2019")',
    'eval_builtin_error: parsing time "5 Mar 2019" as "02 Jan 2006": cannot parse "5 Mar 2019" as "02"',
  );
  check('time.parse_ns("2 Jan 2006", "05 Mar 2019")', "1551744000000000000");
  check('time.parse_ns("002 2006", "060 2020")', "1582934400000000000");
  check('time.parse_ns("002 2006", "060 2021")', "1614556800000000000");
  check(
    'time.parse_ns("002 2006", "366 2021")',
    'eval_builtin_error: parsing time "366 2021": day-of-year out of range',
  );
  check(
    'time.parse_ns("002 2006", "000 2021")',
    'eval_builtin_error: parsing time "000 2021": day-of-year out of range',
  );
  check('time.parse_ns("__2 2006", "  9 2021")', "1610150400000000000");
  check('time.parse_ns("002 01 2006", "060 03 2021")', "1614556800000000000");
  check(
    'time.parse_ns("002 02 2006", "060 03 2021")',
    'eval_builtin_error: parsing time "060 03 2021": day-of-year does not match day',
  );
  check('time.parse_ns("3:04PM 2006", "1:30PM 2020")', "1577885400000000000");
  check('time.parse_ns("3:04PM 2006", "12:30AM 2020")', "1577838600000000000");
  check(
    'time.parse_ns("3:04PM 2006", "13:30AM 2020")',
    'eval_builtin_error: parsing time "13:30AM 2020": hour out of range',
  );
  check('time.parse_ns("3:04pm 2006", "1:30pm 2020")', "1577885400000000000");
  check(
    'time.parse_ns("3:04pm 2006", "1:30PM 2020")',
    'eval_builtin_error: parsing time "1:30PM 2020" as "3:04pm 2006": cannot parse "PM 2020" as "pm"',
  );
  check(
    'time.parse_ns("15:04 2006", "25:00 2020")',
    'eval_builtin_error: parsing time "25:00 2020": hour out of range',
  );
  check('time.parse_ns("15:04 2006", "5:00 2020")', "1577854800000000000");
  check('time.parse_ns("RFC1123", "Mon, 02 Jan 2006 15:04:05 MST")', "1136214245000000000");
  check('time.parse_ns("RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700")', "1136239445000000000");
  check('time.parse_ns("RFC822", "02 Jan 06 15:04 PST")', "1136214240000000000");
  check('time.parse_ns("RFC850", "Monday, 02-Jan-06 15:04:05 GMT+3")', "1136214245000000000");
  check(
    'time.parse_ns("UnixDate", "Mon Jan _2 15:04:05 MST 2006")',
    'eval_builtin_error: parsing time "Mon Jan _2 15:04:05 MST 2006" as "Mon Jan _2 15:04:05 MST 2006": cannot parse "_2 15:04:05 MST 2006" as "_2"',
  );
  check('time.parse_ns("ANSIC", "Mon Jan  2 15:04:05 2006")', "1136214245000000000");
  check('time.parse_ns("2006-01-02 MST", "2020-01-01 UTC")', "1577836800000000000");
  check(
    'time.parse_ns("2006-01-02 MST", "2020-01-01 X")',
    'eval_builtin_error: parsing time "2020-01-01 X" as "2006-01-02 MST": cannot parse "X" as "MST"',
  );
  check('time.parse_ns("2006-01-02 MST", "2020-01-01 WITA")', "1577836800000000000");
  check(
    'time.parse_ns("2006-01-02 MST", "2020-01-01 ABCDE")',
    'eval_builtin_error: parsing time "2020-01-01 ABCDE" as "2006-01-02 MST": cannot parse "ABCDE" as "MST"',
  );
  check('time.parse_ns("2006-01-02 MST", "2020-01-01 ABCDT")', "1577836800000000000");
  check('time.parse_ns("2006-01-02 MST", "2020-01-01 +03")', "1577836800000000000");
  check('time.parse_ns("2006-01-02 MST", "2020-01-01 ChST")', "1577836800000000000");
  check('time.parse_ns("15:04:05.000 2006", "01:02:03.456 2020")', "1577840523456000000");
  check(
    'time.parse_ns("15:04:05.000 2006", "01:02:03.45 2020")',
    'eval_builtin_error: parsing time "01:02:03.45 2020" as "15:04:05.000 2006": cannot parse ".45 2020" as ".000"',
  );
  check('time.parse_ns("15:04:05.999 2006", "01:02:03.45678 2020")', "1577840523456780000");
  check('time.parse_ns("15:04:05.999 2006", "01:02:03 2020")', "1577840523000000000");
  check('time.parse_ns("15:04:05 2006", "01:02:03.123 2020")', "1577840523123000000");
  check(
    'time.parse_ns("2006-01-02", "2020-01-02x")',
    'eval_builtin_error: parsing time "2020-01-02x": extra text: "x"',
  );
  check('time.parse_ns("2006-01-02 ", "2020-01-02")', "1577923200000000000");
  check('time.parse_ns("2006  01", "2020 01")', "1577836800000000000");
  check('time.parse_ns("2006 01", "2020   01")', "1577836800000000000");
  check('time.parse_ns("2006-01-02T15:04:05Z07", "2020-01-01T00:00:00+05")', "1577818800000000000");
  check('time.parse_ns("-07:00:00 2006", "+01:02:03 2020")', "1577833077000000000");
  check('time.parse_ns("-070000 2006", "-010203 2020")', "1577840523000000000");
  check(
    'time.parse_ns("-0700 2006", "*0102 2020")',
    'eval_builtin_error: parsing time "*0102 2020" as "-0700 2006": cannot parse "*0102 2020" as "-0700"',
  );
  check(
    'time.parse_ns("2006", "20x0")',
    'eval_builtin_error: parsing time "20x0" as "2006": cannot parse "20x0" as "2006"',
  );
  check(
    'time.parse_ns("2006", "+123")',
    'eval_builtin_error: parsing time "+123" as "2006": cannot parse "+123" as "2006"',
  );
  check(
    'time.parse_ns("x2006", "y2020")',
    'eval_builtin_error: parsing time "y2020" as "x2006": cannot parse "y2020" as "x"',
  );
  check('time.parse_ns("x", "x")', "eval_builtin_error: time outside of valid range");
  check('time.parse_ns("", "")', "eval_builtin_error: time outside of valid range");
  check('time.parse_ns("1/2/2006", "12/31/2020")', "1609372800000000000");
  check(
    'time.parse_ns("1/2/2006", "13/31/2020")',
    'eval_builtin_error: parsing time "13/31/2020": month out of range',
  );
  check(
    'time.parse_ns("2006-01-02", "2020-02-30")',
    'eval_builtin_error: parsing time "2020-02-30": day out of range',
  );
  check('time.parse_ns("Jan", "Feb")', "eval_builtin_error: time outside of valid range");
  check('time.parse_ns(1, "x")', "eval_type_error: operand 1 must be string but got number");
  check('time.parse_ns("x", 1)', "eval_type_error: operand 2 must be string but got number");
  check("time.parse_ns(1, 2)", "eval_type_error: operand 1 must be string but got number");
});
