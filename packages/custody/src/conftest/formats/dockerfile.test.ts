import assert from "node:assert/strict";
import { test } from "node:test";

import { checkLine, checkRefusal } from "../formats.testing.ts";
import { dockerfile } from "./dockerfile.ts";

interface Command {
  readonly Cmd: string;
  readonly SubCmd: string;
  readonly JSON: boolean;
  readonly Flags: readonly string[] | null;
  readonly Value: readonly string[] | null;
  readonly Stage: number;
}

/** The instructions of a Dockerfile, a line each: `stage name [flags] values`, `json` before those of a list. */
function check(text: string, expected: readonly string[]): void {
  const [commands] = dockerfile.parse(text).value as unknown as readonly [readonly Command[]];
  const shown = commands.map(({ Stage, Cmd, SubCmd, JSON: isJson, Flags, Value }) => {
    const flags = (Flags ?? []).map((one) => `[${one}] `).join("");
    const values = (Value ?? []).map((one) => `<${one}>`).join("");
    const sub = SubCmd === "" ? "" : ` ${SubCmd}`;
    return `${Stage} ${Cmd}${sub} ${flags}${isJson ? "json " : ""}${values}`.trimEnd();
  });
  assert.deepEqual(shown, expected, text);
}

test("stages count from the first FROM; comments stand before what they are about", () => {
  check("# syntax=x\n# one\nARG A=1\nFROM a AS b\n\n# two\n# three\nFROM --platform=linux/amd64 c\nRUN x\n", [
    "0 comment <one>",
    "0 arg <A=1>",
    "0 from <a><AS><b>",
    "1 comment <two>",
    "1 comment <three>",
    "1 from [--platform=linux/amd64] <c>",
    "1 run <x>",
  ]);
});

test("arguments are split as each instruction splits them", () => {
  check(
    'FROM a\nENV A=1 B="x y" C=z\\ w\nENV OLD some value\nLABEL a.b="c"\nEXPOSE 80 443/tcp\nWORKDIR /a b\n',
    [
      "0 from <a>",
      '0 env <A><1><=><B><"x y"><=><C><z\\ w><=>',
      "0 env <OLD><some value><>",
      '0 label <a.b><"c"><=>',
      "0 expose <80><443/tcp>",
      "0 workdir </a b>",
    ],
  );
  check(
    'FROM a\nCMD ["a", "b"]\nENTRYPOINT ["a]\nCOPY --from=b --chown=1:1 x y /z/\nADD ["a b", "c"]\nRUN\n',
    [
      "0 from <a>",
      "0 cmd json <a><b>",
      '0 entrypoint <["a]>',
      "0 copy [--from=b] [--chown=1:1] <x><y></z/>",
      "0 add json <a b><c>",
      "0 run",
    ],
  );
  check("FROM a\nHEALTHCHECK --interval=5s CMD curl -f x\nHEALTHCHECK none\nONBUILD RUN make x\n", [
    "0 from <a>",
    "0 healthcheck [--interval=5s] <CMD><curl -f x>",
    "0 healthcheck <NONE>",
    "0 onbuild RUN <make x>",
  ]);
});

test("lines go on, also over comments, with the escape that the file says", () => {
  check("FROM a\nRUN one && \\\n    # inside\n\n    two \\\n  three\n", [
    "0 from <a>",
    "0 run <one &&     two   three>",
  ]);
  check("# escape=`\nFROM a\nRUN x `\n y\\\n", ["0 from <a>", "0 run <x  y\\>"]);
});

test("what here-documents hold is no instruction", () => {
  check("FROM a\nRUN <<EOF\nFROM b\nEOF\nCOPY <<-a <<b /x/\n1\n\ta\n2\nb\nUSER c\n", [
    "0 from <a>",
    "0 run <<<EOF>",
    "0 copy <<<-a><<<b></x/>",
    "0 user <c>",
  ]);
  checkRefusal("dockerfile", "FROM a\nRUN <<E\n", /line 2: the here-document E does not end/);
});

test("what is no Dockerfile is refused, with its line", () => {
  checkRefusal("dockerfile", "", /there are no instructions/);
  checkRefusal("dockerfile", "FROM a\n\nFOO x\n", /line 3: FOO is no instruction/);
  checkRefusal("dockerfile", "FROM a\nENV a\n", /line 2: a has no value/);
  checkRefusal("dockerfile", "FROM a\nENV a=1 b\n", /line 2: b is not name=value/);
  checkRefusal("dockerfile", "FROM a\nEXPOSE\n", /line 2: EXPOSE has no arguments/);
  checkLine("dockerfile", "# x\nFROM a\nRUN b \\\n c\nUSER d\n", [0, 3, "Value"], 5);
});
