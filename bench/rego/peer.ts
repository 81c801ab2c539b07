import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { RegoCase } from "./cases.ts";

/** What one engine takes for a case, in microseconds. */
export interface Timing {
  readonly name: string;
  /** From a parsed input to the decision. */
  readonly value: number;
  /** From JSON text to the decision. */
  readonly text: number;
  readonly result: string;
}

const version = "v1.19.0";

const program = `package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/util"
)

type kase struct {
	Name, Module, Version, Query string
	Data                         map[string]interface{}
	Input                        json.RawMessage
}

func median(work func()) float64 {
	for start := time.Now(); time.Since(start) < 200*time.Millisecond; {
		work()
	}
	rounds := []float64{}
	for i := 0; i < 15; i++ {
		n := 0
		start := time.Now()
		for n == 0 || time.Since(start) < 40*time.Millisecond {
			work()
			n++
		}
		rounds = append(rounds, float64(time.Since(start).Nanoseconds())/float64(n)/1000)
	}
	sort.Float64s(rounds)
	return rounds[len(rounds)/2]
}

func main() {
	bytes, _ := os.ReadFile(os.Args[1])
	var cases []kase
	if err := util.UnmarshalJSON(bytes, &cases); err != nil {
		panic(err)
	}
	ctx := context.Background()
	for _, c := range cases {
		rv := ast.RegoV1
		if c.Version == "v0" {
			rv = ast.RegoV0
		}
		store := inmem.NewFromObjectWithOpts(c.Data, inmem.OptReturnASTValuesOnRead(true))
		pq, err := rego.New(rego.Query(c.Query), rego.Module("bench.rego", c.Module), rego.SetRegoVersion(rv), rego.Store(store)).PrepareForEval(ctx)
		if err != nil {
			panic(err)
		}
		parsed := ast.MustInterfaceToValue(func() interface{} { var v interface{}; _ = util.UnmarshalJSON(c.Input, &v); return v }())
		var result rego.ResultSet
		value := median(func() {
			result, err = pq.Eval(ctx, rego.EvalParsedInput(parsed))
			if err != nil {
				panic(err)
			}
		})
		text := median(func() {
			var v interface{}
			if err := util.UnmarshalJSON(c.Input, &v); err != nil {
				panic(err)
			}
			result, err = pq.Eval(ctx, rego.EvalInput(v))
			if err != nil {
				panic(err)
			}
		})
		out, _ := json.Marshal(result[0].Expressions[0].Value)
		line, _ := json.Marshal(map[string]interface{}{"name": c.Name, "value": value, "text": text, "result": string(out)})
		fmt.Println(string(line))
	}
}
`;

/** OPA's own times for the cases, from its Go module; why not, where that cannot be built. */
export function timeOpa(cases: readonly RegoCase[]): readonly Timing[] | string {
  const folder = mkdtempSync(join(tmpdir(), "custody-opa-"));
  try {
    writeFileSync(join(folder, "main.go"), program);
    writeFileSync(join(folder, "cases.json"), JSON.stringify(cases));
    run(folder, ["mod", "init", "peer"]);
    run(folder, ["get", `github.com/open-policy-agent/opa@${version}`]);
    run(folder, ["mod", "tidy"]);
    run(folder, ["build", "-o", "peer", "."]);
    const out = execFileSync(join(folder, "peer"), ["cases.json"], { cwd: folder, encoding: "utf8" });
    return out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Timing);
  } catch (error) {
    return `OPA could not be built with Go: ${(error as Error).message.split("\n")[0]}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(folder: string, args: readonly string[]): void {
  execFileSync("go", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], timeout: 300_000 });
}
