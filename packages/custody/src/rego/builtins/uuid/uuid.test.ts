import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { uuidBuiltins } from "./index.ts";

const check = checker(uuidBuiltins);

test("uuid.parse tells version and variant", () => {
  check('uuid.parse("00000000-0000-4000-8000-000000000000")', '{"variant":"RFC4122","version":4}');
  check('uuid.parse("38074da4-0b00-388d-9c3c-362de965547a")', '{"variant":"RFC4122","version":3}');
  check('uuid.parse("00000000-0000-4000-0000-000000000000")', '{"variant":"Reserved","version":4}');
  check('uuid.parse("00000000-0000-4000-c000-000000000000")', '{"variant":"Microsoft","version":4}');
  check('uuid.parse("00000000-0000-4000-e000-000000000000")', '{"variant":"Future","version":4}');
});

test("uuid.parse tells the time and place of versions 1 and 2", () => {
  check(
    'uuid.parse("d9428888-122b-11e1-b85c-61cd3cbb3210")',
    '{"clocksequence":14428,"macvariables":"global:multicast","nodeid":"61-cd-3c-bb-32-10","time":1321651533573543200,"variant":"RFC4122","version":1}',
  );
  check(
    'uuid.parse("000003e8-48b9-21ee-b200-325096b39f47")',
    '{"clocksequence":12800,"domain":"Person","id":1000,"macvariables":"local:unicast","nodeid":"32-50-96-b3-9f-47","time":1693566990121469600,"variant":"RFC4122","version":2}',
  );
  check(
    'uuid.parse("000003e8-48b9-21ee-b2fe-015096b39f47")',
    '{"clocksequence":13054,"domain":"Domain254","id":1000,"macvariables":"global:multicast","nodeid":"01-50-96-b3-9f-47","time":1693566990121469600,"variant":"RFC4122","version":2}',
  );
  check(
    'uuid.parse("00000000-0000-1000-8000-000000000000")',
    '{"clocksequence":0,"macvariables":"global:unicast","nodeid":"00-00-00-00-00-00","time":6227451273709551616,"variant":"RFC4122","version":1}',
  );
  check(
    'uuid.parse("ffffffff-ffff-1fff-bfff-ffffffffffff")',
    '{"clocksequence":16383,"macvariables":"local:multicast","nodeid":"ff-ff-ff-ff-ff-ff","time":-7607606781572612196,"variant":"RFC4122","version":1}',
  );
});

test("uuid.parse reads the other ways of writing one", () => {
  check('uuid.parse("URN:UUID:00000000-0000-4000-8000-000000000000")', '{"variant":"RFC4122","version":4}');
  check('uuid.parse("{00000000-0000-4000-8000-00000000000F}")', '{"variant":"RFC4122","version":4}');
  check('uuid.parse("00000000000040008000000000000000")', '{"variant":"RFC4122","version":4}');
});

test("uuid.parse is undefined for anything else", () => {
  check('uuid.parse("")', "undefined");
  check('uuid.parse("0000")', "undefined");
  check('uuid.parse("00000000_0000_4000_8000_000000000000")', "undefined");
  check('uuid.parse("urn:uid::00000000-0000-4000-8000-000000000000")', "undefined");
  check('uuid.parse("g0000000-0000-4000-8000-000000000000")', "undefined");
  check("uuid.parse(123)", "eval_type_error: operand 1 must be string but got number");
});
