import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { timeBuiltins } from "./index.ts";

const check = checker(timeBuiltins);

test("time.date, time.clock and time.weekday read the clocks of a zone", () => {
  check('time.clock([1616893200000000000, "America/Los_Angeles"])', "[18,0,0]");
  check('time.date([9223372036854775807, "Nope/Zone"])', "eval_builtin_error: unknown time zone Nope/Zone");
  check('time.date([1635642000000000000, "Europe/Berlin"])', "[2021,10,31]");
  check('time.clock([951782400000000000, "Australia/Sydney"])', "[11,0,0]");
  check('time.clock([-2208988800000000000, "Europe/London"])', "[0,0,0]");
  check('time.weekday([1616896800123456789, "America/New_York"])', '"Saturday"');
  check('time.date([100000000, ""])', "[1970,1,1]");
  check('time.clock([1635642000000000000, "Europe/London"])', "[1,0,0]");
  check('time.clock([1616893200000000000, "../x"])', "eval_builtin_error: time: invalid location name");
  check('time.weekday([1000000000.0, "Asia/Tokyo"])', '"Thursday"');
  check('time.weekday([0, "Asia/Tokyo"])', '"Thursday"');
  check('time.weekday([100000000, "UTC"])', '"Thursday"');
  check('time.weekday([1.5, "Europe/Berlin"])', "eval_builtin_error: timestamp too big");
  check('time.weekday([1635642000000000000, "GMT"])', '"Sunday"');
  check('time.date([9223372036854775807, "Asia/Tokyo"])', "[2262,4,12]");
  check('time.clock([1616893200000000000, "utc"])', "eval_builtin_error: unknown time zone utc");
  check('time.weekday([0, "GMT"])', '"Thursday"');
  check('time.clock(["x"])', "eval_type_error: operand 1 must be number but got string");
  check('time.clock([-1, "Asia/Kathmandu"])', "[5,29,59]");
  check("time.clock(-1)", "[23,59,59]");
  check('time.weekday([951782400000000000, "utc"])', "eval_builtin_error: unknown time zone utc");
  check('time.date([1.5, "Australia/Sydney"])', "eval_builtin_error: timestamp too big");
  check('time.clock([100000000, "Nope/Zone"])', "eval_builtin_error: unknown time zone Nope/Zone");
  check('time.date([9223372036854775807, "Australia/Sydney"])', "[2262,4,12]");
  check('time.weekday([951782400000000000, "Asia/Kathmandu"])', '"Tuesday"');
  check('time.clock([1000000000.0, "+05:30"])', "eval_builtin_error: unknown time zone +05:30");
  check('time.weekday([1670006453141828752, "Asia/Kathmandu"])', '"Saturday"');
  check('time.weekday([9223372036854775808, "Europe/London"])', "eval_builtin_error: timestamp too big");
  check('time.clock([0, "Asia/Kolkata"])', "[5,30,0]");
  check('time.clock([1635642000000000000, ""])', "[1,0,0]");
});

test("time.format writes Go's layouts", () => {
  check(
    'time.format([1670006453141828752, "Europe/Berlin", "RFC1123Z"])',
    '"Fri, 02 Dec 2022 19:40:53 +0100"',
  );
  check('time.format([9223372036854775807, "Europe/Berlin", "x"])', '"x"');
  check('time.format([-1, "", "15:04:05.999999999"])', '"23:59:59.999999999"');
  check('time.format([0, "", "__2 002 2006"])', '"  1 001 1970"');
  check('time.format([9223372036854775807, "America/Los_Angeles", "03:04 pm"])', '"04:47 pm"');
  check('time.format([0, "Asia/Kolkata", "RFC850"])', '"Thursday, 01-Jan-70 05:30:00 IST"');
  check('time.format([1582977600000000000, "+05:30"])', "eval_builtin_error: unknown time zone +05:30");
  check('time.format([-2208988800000000000, "Pacific/Auckland"])', '"1900-01-01T11:30:00+11:30"');
  check('time.format([1635642000000000000, "America/Los_Angeles", "x"])', '"x"');
  check('time.format([1635642000000000000, "", "x"])', '"x"');
  check('time.format([1517814000000000000, "Europe/Berlin", "Jan _2 06"])', '"Feb  5 18"');
  check('time.format([1635642000000000000, "utc"])', "eval_builtin_error: unknown time zone utc");
  check('time.format([-2208988800000000000, "Asia/Kolkata"])', '"1900-01-01T05:21:10+05:21"');
  check('time.format([0, "America/Los_Angeles"])', '"1969-12-31T16:00:00-08:00"');
  check('time.format([0, "America/Sao_Paulo"])', '"1969-12-31T21:00:00-03:00"');
  check('time.format([1670006453141828752, "", "RFC822Z"])', '"02 Dec 22 18:40 +0000"');
  check(
    'time.format([1670006453141828752, "America/Los_Angeles", "RFC1123Z"])',
    '"Fri, 02 Dec 2022 10:40:53 -0800"',
  );
  check('time.format([0, "Europe/Berlin", "RFC3339"])', '"1970-01-01T01:00:00+01:00"');
  check('time.format([0, "", "RFC3339Nano"])', '"1970-01-01T00:00:00Z"');
  check('time.format([-1, "", "Monday January 2"])', '"Wednesday December 31"');
  check('time.format([-9223372036854775808, "Asia/Kolkata", "RFC822"])', '"21 Sep 77 06:06 LMT"');
  check('time.format([0, "Europe/Berlin", "2006.01.02.000"])', '"1970.01.01.000"');
  check('time.format([1616896800123456789, "", "2006-01-02"])', '"2021-03-28"');
  check('time.format([1, "UTC", 3])', "eval_type_error: operand 1 must be string but got number");
  check('time.format([1670006453141828752, "Europe/Berlin", "UnixDate"])', '"Fri Dec  2 19:40:53 CET 2022"');
  check('time.format([0, "Europe/Berlin", "x"])', '"x"');
  check('time.format([9223372036854775807, "", "15:04:05.000"])', '"23:47:16.854"');
  check('time.format([-1, "Europe/Berlin", "Janx Monx"])', '"Janx Monx"');
  check('time.format([-1, "Europe/Berlin"])', '"1970-01-01T00:59:59.999999999+01:00"');
  check('time.format([9223372036854775807, "Europe/Berlin", "ANSIC"])', '"Sat Apr 12 01:47:16 2262"');
  check(
    'time.format([1517814000000000000, "America/Los_Angeles", "UnixDate"])',
    '"Sun Feb  4 23:00:00 PST 2018"',
  );
  check('time.format([100000000, "../x"])', "eval_builtin_error: time: invalid location name");
  check('time.format([-1, "", "RFC850"])', '"Wednesday, 31-Dec-69 23:59:59 UTC"');
  check("time.format(1582977600000000000)", '"2020-02-29T12:00:00Z"');
  check('time.format([-9223372036854775808, "Europe/Berlin", "15:04:05.000"])', '"01:06:11.145"');
  check('time.format([-1, "America/Los_Angeles", "x"])', '"x"');
  check('time.format([1635642000000000000, "Europe/Berlin", "Jan _2 06"])', '"Oct 31 21"');
  check('time.format([1635642000000000000, "", "RFC3339"])', '"2021-10-31T01:00:00Z"');
  check('time.format([0, "Europe/Berlin"])', '"1970-01-01T01:00:00+01:00"');
  check('time.format([1635642000000000000, "", "15:04:05.999999999"])', '"01:00:00"');
  check('time.format([-9223372036854775808, "", "Jan _2 06"])', '"Sep 21 77"');
  check('time.format([1582977600000000000, ""])', '"2020-02-29T12:00:00Z"');
  check('time.format([-9223372036854775808, "Asia/Kolkata", "UnixDate"])', '"Tue Sep 21 06:06:11 LMT 1677"');
  check('time.format([-9223372036854775808, "Europe/Berlin", "x"])', '"x"');
  check('time.format([-1, "Asia/Kolkata", "05.0005"])', '"59.0059"');
  check('time.format([1616893200000000000, "", "RFC3339"])', '"2021-03-28T01:00:00Z"');
  check('time.format([-9223372036854775808, "Asia/Kolkata", "RFC822Z"])', '"21 Sep 77 06:06 +0553"');
  check('time.format([0, "Asia/Kolkata", "Monday January 2"])', '"Thursday January 1"');
  check(
    'time.format([1616893200000000000, "America/Los_Angeles", "RFC3339"])',
    '"2021-03-27T18:00:00-07:00"',
  );
  check('time.format([1616893200000000000, "Europe/Berlin", "RFC822"])', '"28 Mar 21 03:00 CEST"');
  check('time.format([0, "", "3:04PM"])', '"12:00AM"');
  check('time.format([951782400000000000, ""])', '"2000-02-29T00:00:00Z"');
  check('time.format([-1, "", "UnixDate"])', '"Wed Dec 31 23:59:59 UTC 1969"');
  check('time.format([-1, "Australia/Sydney"])', '"1970-01-01T09:59:59.999999999+10:00"');
  check('time.format([-9223372036854775808, "", "05.0005"])', '"43.0043"');
  check('time.format([9223372036854775807, "Europe/Berlin", "Janx Monx"])', '"Janx Monx"');
  check('time.format([1670006453141828752, "Pacific/Auckland"])', '"2022-12-03T07:40:53.141828752+13:00"');
  check('time.format([1616896800123456789, "", "Jan _2 06"])', '"Mar 28 21"');
  check('time.format([1517814000000000000, "America/Los_Angeles", "RFC822"])', '"04 Feb 18 23:00 PST"');
  check('time.format([9223372036854775807, "America/Los_Angeles", "RFC822"])', '"11 Apr 62 16:47 PDT"');
});

test("time.diff counts in calendar fields", () => {
  check('time.diff(1720443021395401459, [35051214234287866, "UTC"])', "[53,4,25,20,23,27]");
  check('time.diff(1041780487773573130, [-147755349655507964, "UTC"])', "[37,8,8,18,37,17]");
  check('time.diff([-703457864105020277, "UTC"], [-35579258135089470, "Europe/Berlin"])', "[21,1,28,1,50,6]");
  check("time.diff(0, 9223372036854775807)", "[292,3,10,23,47,16]");
  check('time.diff(-580529852554603388, [-455970738653153957, "UTC"])', "[3,11,11,15,45,14]");
  check("time.diff(-9223372036854775808, 1517814000000000000)", "[340,4,14,6,47,17]");
  check('time.diff(988992350378914703, [1186408006584974850, "UTC"])', "[6,3,1,21,40,56]");
  check("time.diff(100000000, -1)", "[0,0,0,0,0,1]");
  check('time.diff(1021986517868299788, [1049798006566962746, "UTC"])', "[0,10,17,21,24,49]");
  check(
    'time.diff([-631452998290057201, "America/Los_Angeles"], [-967256457415905071, ""])',
    "[10,7,19,14,44,19]",
  );
  check(
    'time.diff([1784460557428943420, "America/Los_Angeles"], [-369185872812179582, ""])',
    "[68,2,28,12,7,10]",
  );
  check('time.diff(1494801699443781748, [1534726376970409589, "UTC"])', "[1,3,5,2,11,17]");
  check("time.diff(9223372036854775808, 0)", "eval_builtin_error: timestamp too big");
  check('time.diff(1443268970234656926, [1661966171758268358, "UTC"])', "[6,11,5,5,13,21]");
  check('time.diff(-833920074300897216, [-966644883217282697, "UTC"])', "[4,2,14,4,0,9]");
  check('time.diff([62777199044742904, "Europe/London"], [-23482366628658432, ""])', "[2,8,24,7,59,26]");
  check(
    'time.diff([653011912655330731, "Europe/Berlin"], [574185674545913757, "Europe/London"])',
    "[2,5,29,9,10,38]",
  );
  check(
    'time.diff([1609038080087167435, "America/New_York"], [187320990448894543, "Europe/London"])',
    "[45,0,18,1,24,50]",
  );
  check('time.diff(1971325416419679840, [1259647740945431619, "UTC"])', "[22,6,19,0,14,36]");
  check('time.diff(1396564226987190935, [-764929183873454567, "UTC"])', "[68,5,29,6,50,10]");
  check('time.diff(-407508124429790035, [1803416523480748945, "UTC"])', "[70,0,22,9,44,8]");
  check('time.diff(-668995583634813628, [779175111361699022, "UTC"])', "[45,10,21,5,38,15]");
  check(
    'time.diff([1447358504055678518, "America/New_York"], [1488166435083503008, "America/New_York"])',
    "[1,3,14,7,32,11]",
  );
  check('time.diff(1439943282644165797, [-860847610195859605, "UTC"])', "[72,10,27,12,34,53]");
  check('time.diff(567114672457827419, [661113559814713964, "UTC"])', "[2,11,22,22,48,7]");
});

test("time.add_date moves in the calendar", () => {
  check('time.add_date([1684686705546077530, "America/New_York"], 14, 8, -15)', "2146411905546077530");
  check("time.add_date(0, 1, -2, 397)", "60566400000000000");
  check('time.add_date(0, "x", 0, 0)', "eval_type_error: operand 2 must be number but got string");
  check("time.add_date(1517814000000000000, 23, 23, -77)", "2297401200000000000");
  check("time.add_date(-9223372036854775808, 21, 26, -33)", "-8495192836854775808");
  check("time.add_date(1616893200000000000, 13, 1, -313)", "2002755600000000000");
  check('time.add_date([921210541941907821, "UTC"], -2, -4, 305)', "874122541941907821");
  check("time.add_date(951782400000000000, 28, 10, 171)", "1876435200000000000");
  check("time.add_date(1616893200000000000, -12, 9, -238)", "1241398800000000000");
  check("time.add_date(0, -6, 25, 20)", "-121824000000000000");
  check('time.add_date([-386614955205161688, "Asia/Tokyo"], 22, 0, -273)', "284021844794838312");
  check("time.add_date(1582977600000000000, 14, -10, -80)", "1991476800000000000");
  check("time.add_date(1000000000.0, 25, 10, -112)", "805507201000000000");
  check("time.add_date(-9223372036854775808, 19, 20, -158)", "-8584962436854775808");
  check('time.add_date([1271017097717168455, "America/New_York"], 11, 8, -41)', "1635711497717168455");
  check("time.add_date(-2208988800000000000, -3, -14, -343)", "-2370124800000000000");
  check("time.add_date(-1, 9, 25, 346)", "379727999999999999");
  check("time.add_date(9223372036854775807, -21, 15, 301)", "8626088836854775807");
  check("time.add_date(-1, -10, 20, 193)", "-246326400000000001");
  check("time.add_date(9223372036854775808, 20, -12, -218)", "eval_builtin_error: timestamp too big");
  check("time.add_date(951782400000000000, 26, -6, -151)", "1743379200000000000");
  check("time.add_date(1517814000000000000, 4, 27, -59)", "1709794800000000000");
  check("time.add_date(100000000, 12, 2, -308)", "357177600100000000");
  check('time.add_date([412223204083565187, "Europe/Berlin"], 10, 25, -38)', "790309604083565187");
  check("time.add_date(1616893200000000000, -2, 30, -344)", "1603069200000000000");
});
