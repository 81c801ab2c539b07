// @ts-nocheck -- compiled code
/* oxlint-disable */
// Made by scripts/gates.ts from policies/ and facts.ts. Do not change it.

/** Of the texts of the gates' policies. */
export const gatesRevision = "sha256:663548ee17ece20dcd254bea8fbf638c548fc200c863f1c5d04517e29e561164";

/** JSON Schemas of what each gate is told. */
export const factSchemas = {"source":{"title":"What the source gate is told","type":"object","properties":{"at":{"type":"string"},"repository":{"type":"string"},"ref":{"type":"string"},"commit":{"type":"object","properties":{"id":{"type":"string"},"tree":{"type":"string"},"parents":{"type":"array","items":{"type":"string"}},"author":{"type":"string"},"committer":{"type":"string"},"subject":{"type":"string"}},"required":["id"],"additionalProperties":false},"signer":{"type":"object","properties":{"name":{"type":"string"},"fingerprint":{"type":"string"}},"required":["name","fingerprint"],"additionalProperties":false},"firstSeen":{"type":"string"},"verification":{"type":"object","properties":{"verdict":{"enum":["allowed","refused","undecided"],"type":"string"},"reasons":{"type":"array","items":{"type":"object","properties":{"code":{"type":"string"},"subject":{"type":"string"},"message":{"type":"string"}},"required":["code","subject","message"],"additionalProperties":false}}},"required":["verdict","reasons"],"additionalProperties":false},"pipeline":{"type":"object","properties":{"name":{"type":"string"},"steps":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"kind":{"enum":["build","test"],"type":"string"},"stemcell":{"type":"string"},"inputs":{"type":"array","items":{"type":"string"}},"outputs":{"type":"array","items":{"type":"string"}},"networkHosts":{"type":"array","items":{"type":"string"}}},"required":["name","kind","stemcell","inputs","outputs","networkHosts"],"additionalProperties":false}},"stemcells":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"suite":{"type":"string"},"packages":{"type":"array","items":{"type":"string"}}},"required":["name","suite","packages"],"additionalProperties":false}}},"required":["name","steps","stemcells"],"additionalProperties":false}},"required":["at","repository","ref","commit","firstSeen","verification"],"additionalProperties":false,"$schema":"http://json-schema.org/draft-07/schema#"},"build":{"title":"What the build gate is told","type":"object","properties":{"at":{"type":"string"},"repository":{"type":"string"},"commit":{"type":"string"},"step":{"type":"object","properties":{"name":{"type":"string"},"kind":{"enum":["build","test"],"type":"string"},"stemcell":{"type":"string"},"inputs":{"type":"array","items":{"type":"string"}},"outputs":{"type":"array","items":{"type":"string"}},"networkHosts":{"type":"array","items":{"type":"string"}}},"required":["name","kind","stemcell","inputs","outputs","networkHosts"],"additionalProperties":false},"startedOn":{"type":"string"},"finishedOn":{"type":"string"},"isolation":{"type":"object","properties":{"level":{"enum":["L3","L0"],"type":"string"},"without":{"type":"array","items":{"type":"string"}},"runtime":{"type":"object","properties":{"name":{"type":"string"},"version":{"type":"string"}},"required":["name","version"],"additionalProperties":false},"kernel":{"type":"string"}},"required":["level","without","runtime","kernel"],"additionalProperties":false},"network":{"type":"array","items":{"type":"object","properties":{"host":{"type":"string"},"decision":{"enum":["allowed","refused"],"type":"string"},"reason":{"type":"string"}},"required":["host","decision","reason"],"additionalProperties":false}},"materials":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"digest":{"type":"string"}},"required":["name","digest"],"additionalProperties":false}},"products":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"path":{"type":"string"},"digest":{"type":"string"},"sizeBytes":{"type":"number"}},"required":["name","path","digest","sizeBytes"],"additionalProperties":false}}},"required":["at","repository","commit","step","startedOn","finishedOn","isolation","network","materials","products"],"additionalProperties":false,"$schema":"http://json-schema.org/draft-07/schema#"},"package":{"title":"What the package gate is told","type":"object","properties":{"at":{"type":"string"},"repository":{"type":"string"},"commit":{"type":"string"},"image":{"type":"object","properties":{"digest":{"type":"string"},"architecture":{"type":"string"},"user":{"type":"string"},"entrypoint":{"type":"array","items":{"type":"string"}},"layers":{"type":"array","items":{"type":"object","properties":{"mediaType":{"type":"string"},"digest":{"type":"string"},"sizeBytes":{"type":"number"}},"required":["mediaType","digest","sizeBytes"],"additionalProperties":false}}},"required":["digest","architecture","user","entrypoint","layers"],"additionalProperties":false},"stemcell":{"type":"object","properties":{"name":{"type":"string"},"digest":{"type":"string"}},"required":["name","digest"],"additionalProperties":false},"materials":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"digest":{"type":"string"}},"required":["name","digest"],"additionalProperties":false}},"products":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"digest":{"type":"string"}},"required":["name","digest"],"additionalProperties":false}}},"required":["at","repository","commit","image","stemcell","materials","products"],"additionalProperties":false,"$schema":"http://json-schema.org/draft-07/schema#"},"publish":{"title":"What the publish gate is told","type":"object","properties":{"at":{"type":"string"},"repository":{"type":"string"},"commit":{"type":"string"},"image":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}},"attestations":{"type":"array","items":{"type":"object","properties":{"step":{"type":"string"},"predicateType":{"type":"string"},"identity":{"type":"string"},"products":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"digest":{"type":"string"}},"required":["name","digest"],"additionalProperties":false}}},"required":["step","predicateType","identity","products"],"additionalProperties":false}}},"required":["at","repository","commit","image","tags","attestations"],"additionalProperties":false,"$schema":"http://json-schema.org/draft-07/schema#"},"admit":{"title":"What the admit gate is told","type":"object","properties":{"at":{"type":"string"},"repository":{"type":"string"},"image":{"type":"string"},"policyRevision":{"type":"string"},"trustRevision":{"type":"string"},"chain":{"type":"object","properties":{"verdict":{"enum":["allowed","refused","undecided"],"type":"string"},"reasons":{"type":"array","items":{"type":"object","properties":{"code":{"type":"string"},"subject":{"type":"string"},"message":{"type":"string"}},"required":["code","subject","message"],"additionalProperties":false}},"commit":{"type":"string"},"signer":{"type":"object","properties":{"name":{"type":"string"},"fingerprint":{"type":"string"}},"required":["name","fingerprint"],"additionalProperties":false},"steps":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"predicateType":{"type":"string"},"identity":{"type":"string"},"signedAt":{"type":"string"},"logIndex":{"type":"number"},"materials":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"digest":{"type":"string"}},"required":["name","digest"],"additionalProperties":false}},"products":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"digest":{"type":"string"}},"required":["name","digest"],"additionalProperties":false}}},"required":["name","predicateType","identity","signedAt","materials","products"],"additionalProperties":false}}},"required":["verdict","reasons","steps"],"additionalProperties":false}},"required":["at","repository","image","policyRevision","trustRevision","chain"],"additionalProperties":false,"$schema":"http://json-schema.org/draft-07/schema#"},"running":{"title":"What the running gate is told","type":"object","properties":{"at":{"type":"string"},"repository":{"type":"string"},"workload":{"type":"string"},"image":{"type":"string"},"chain":{"type":"object","properties":{"verdict":{"enum":["allowed","refused","undecided"],"type":"string"},"reasons":{"type":"array","items":{"type":"object","properties":{"code":{"type":"string"},"subject":{"type":"string"},"message":{"type":"string"}},"required":["code","subject","message"],"additionalProperties":false}},"commit":{"type":"string"},"signer":{"type":"object","properties":{"name":{"type":"string"},"fingerprint":{"type":"string"}},"required":["name","fingerprint"],"additionalProperties":false},"steps":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"predicateType":{"type":"string"},"identity":{"type":"string"},"signedAt":{"type":"string"},"logIndex":{"type":"number"},"materials":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"digest":{"type":"string"}},"required":["name","digest"],"additionalProperties":false}},"products":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"digest":{"type":"string"}},"required":["name","digest"],"additionalProperties":false}}},"required":["name","predicateType","identity","signedAt","materials","products"],"additionalProperties":false}}},"required":["verdict","reasons","steps"],"additionalProperties":false},"admission":{"type":"object","properties":{"verdict":{"enum":["allowed","refused","undecided"],"type":"string"},"reasons":{"type":"array","items":{"type":"object","properties":{"code":{"type":"string"},"subject":{"type":"string"},"message":{"type":"string"}},"required":["code","subject","message"],"additionalProperties":false}}},"required":["verdict","reasons"],"additionalProperties":false},"process":{"type":"object","properties":{"pid":{"type":"number"},"startedOn":{"type":"string"}},"required":["pid","startedOn"],"additionalProperties":false}},"required":["at","repository","workload","image","chain","admission"],"additionalProperties":false,"$schema":"http://json-schema.org/draft-07/schema#"}};

// Compiled from Rego. Do not change it: compile it anew.
export const tables = {"format":1,"nodes":[{"path":[],"isFunction":false,"children":[["custody",1]]},{"path":["custody"],"isFunction":false,"children":[["gates",2]]},{"path":["custody","gates"],"isFunction":false,"children":[["admit",3],["build",4],["package",5],["publish",6],["running",7],["source",8]]},{"path":["custody","gates","admit"],"isFunction":false,"children":[["allow",9],["deny",10],["undecided",11]]},{"path":["custody","gates","build"],"isFunction":false,"children":[["allow",12],["deny",13],["expected",14],["produced",15]]},{"path":["custody","gates","package"],"isFunction":false,"children":[["allow",16],["deny",17],["based_on_stemcell",18]]},{"path":["custody","gates","publish"],"isFunction":false,"children":[["allow",19],["deny",20],["packaged",21],["tagged",22]]},{"path":["custody","gates","running"],"isFunction":false,"children":[["allow",23],["deny",24],["undecided",25],["starting",26],["is_about_evidence",27]]},{"path":["custody","gates","source"],"isFunction":false,"children":[["allow",28],["deny",29],["undecided",30]]},{"path":["custody","gates","admit","allow"],"isFunction":false,"children":[]},{"path":["custody","gates","admit","deny"],"isFunction":false,"children":[]},{"path":["custody","gates","admit","undecided"],"isFunction":false,"children":[]},{"path":["custody","gates","build","allow"],"isFunction":false,"children":[]},{"path":["custody","gates","build","deny"],"isFunction":false,"children":[]},{"path":["custody","gates","build","expected"],"isFunction":true,"children":[]},{"path":["custody","gates","build","produced"],"isFunction":true,"children":[]},{"path":["custody","gates","package","allow"],"isFunction":false,"children":[]},{"path":["custody","gates","package","deny"],"isFunction":false,"children":[]},{"path":["custody","gates","package","based_on_stemcell"],"isFunction":false,"children":[]},{"path":["custody","gates","publish","allow"],"isFunction":false,"children":[]},{"path":["custody","gates","publish","deny"],"isFunction":false,"children":[]},{"path":["custody","gates","publish","packaged"],"isFunction":false,"children":[]},{"path":["custody","gates","publish","tagged"],"isFunction":false,"children":[]},{"path":["custody","gates","running","allow"],"isFunction":false,"children":[]},{"path":["custody","gates","running","deny"],"isFunction":false,"children":[]},{"path":["custody","gates","running","undecided"],"isFunction":false,"children":[]},{"path":["custody","gates","running","starting"],"isFunction":false,"children":[]},{"path":["custody","gates","running","is_about_evidence"],"isFunction":true,"children":[]},{"path":["custody","gates","source","allow"],"isFunction":false,"children":[]},{"path":["custody","gates","source","deny"],"isFunction":false,"children":[]},{"path":["custody","gates","source","undecided"],"isFunction":false,"children":[]}],"constants":[{"set":["","0","root"]}],"files":["policies/admit.rego","policies/build.rego","policies/package.rego","policies/publish.rego","policies/running.rego","policies/source.rego"],"places":[[0,13,2,299,323],[0,13,2,299,327],[0,11,1,253,329],[0,16,1,331,428],[0,21,1,430,534],[1,12,10,324,335],[1,12,1,315,340],[1,15,2,447,476],[1,16,50,526,563],[1,16,13,489,565],[1,23,13,789,875],[1,29,13,1054,1154],[1,35,13,1318,1386],[1,14,1,342,567],[1,19,1,569,877],[1,26,1,879,1156],[1,32,1,1158,1388],[1,40,27,1436,1481],[1,42,27,1509,1548],[1,44,19,1568,1596],[1,48,19,1668,1690],[1,48,2,1651,1691],[1,38,1,1390,1408],[1,40,1,1410,1481],[1,42,1,1483,1548],[1,44,1,1550,1596],[1,46,1,1598,1693],[1,58,27,1856,1880],[1,58,2,1831,1881],[1,51,1,1695,1774],[1,56,1,1776,1883],[2,11,10,255,266],[2,11,1,246,271],[2,14,2,369,397],[2,20,13,606,666],[2,27,13,882,943],[2,13,1,273,465],[2,18,1,467,668],[2,23,1,670,945],[2,30,1,947,1021],[3,11,10,272,283],[3,11,1,263,288],[3,20,62,648,672],[3,20,13,599,674],[3,13,1,290,478],[3,18,1,480,676],[3,23,1,678,833],[3,32,2,872,882],[3,32,2,872,888],[3,33,2,890,919],[3,30,1,835,921],[4,20,2,505,516],[4,12,1,383,477],[4,18,1,479,523],[4,23,1,525,666],[4,30,1,668,811],[4,37,1,813,961],[4,44,1,963,992],[4,46,28,1021,1050],[4,48,28,1079,1106],[4,46,1,994,1050],[4,48,1,1052,1106],[5,12,1,271,365],[5,23,2,584,623],[5,24,13,636,692],[5,17,1,367,478],[5,22,1,480,694],[5,27,1,696,814]],"builtins":["count","gt","neq","concat","sprintf","startswith","split","gte"],"indexes":[]};
export function link({ addUnique, baseValue, conflict, entries, equal, everyOf, get, Groups, isMember, isObject, keyConflict, makeObject, nodeValue, ObjectBuilder, objectSize, PartialObject, RegoSet, scanNode, select, undefinedRule, K, I, P, B, N, replaced }) {
function n9c0(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v1 = f.input; if (v1 === undefined) break L0;
let v2 = v1?.["chain"]; if (v2 === undefined && (v2 = get(v1, "chain")) === undefined) break L0;
let v3 = v2?.["verdict"]; if (v3 === undefined && (v3 = get(v2, "verdict")) === undefined) break L0;
if ("allowed" !== v3) break L0;
const v4 = f.input; if (v4 === undefined) break L0;
let v5 = v4?.["chain"]; if (v5 === undefined && (v5 = get(v4, "chain")) === undefined) break L0;
let v6 = v5?.["steps"]; if (v6 === undefined && (v6 = get(v5, "steps")) === undefined) break L0;
const v7 = B[0](f, P[0], v6); if (v7 === undefined) break L0;
const v8 = (typeof v7 === "number" && typeof 0 === "number" ? v7 > 0 : B[1](f, P[1], v7, 0)); if (v8 === undefined) break L0;
if (v8 === false) break L0;
return true;}
return undefined;
}
function n9d(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
if (true === false) break L0;
return false;}
return undefined;
}
function m9(f) {
let r, s;
if ((s = n9c0(f)) !== undefined) return s;
return r === undefined ? n9d(f) : r;
}
function n9(f) {
const known = f.memo[9];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m9(f);
f.memo[9] = value === undefined ? undefinedRule : value;
return value;
}
function n10c0(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = f.input; if (v1 === undefined) return;
let v2 = v1?.["chain"]; if (v2 === undefined && (v2 = get(v1, "chain")) === undefined) return;
let v3 = v2?.["verdict"]; if (v3 === undefined && (v3 = get(v2, "verdict")) === undefined) return;
if ("refused" !== v3) return;
const v4 = f.input; if (v4 === undefined) return;
let v5 = v4?.["chain"]; if (v5 === undefined && (v5 = get(v4, "chain")) === undefined) return;
let v6 = v5?.["reasons"]; if (v6 === undefined && (v6 = get(v5, "reasons")) === undefined) return;
const L0s = entries(v6);
L0: for (let L0i = 0; L0i < L0s.values.length; L0i++) { if (--e.fuel < 0) e.refuel();
const v7 = L0s.values[L0i];
const v8 = L0s.keys === undefined ? L0i : L0s.keys[L0i];
r.add(v7);}
}
function m10(f) {
const r = new RegoSet();
n10c0(f, r);
return r;
}
function n10(f) {
const known = f.memo[10];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m10(f);
f.memo[10] = value === undefined ? undefinedRule : value;
return value;
}
function n11c0(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = f.input; if (v1 === undefined) return;
let v2 = v1?.["chain"]; if (v2 === undefined && (v2 = get(v1, "chain")) === undefined) return;
let v3 = v2?.["verdict"]; if (v3 === undefined && (v3 = get(v2, "verdict")) === undefined) return;
if ("undecided" !== v3) return;
const v4 = f.input; if (v4 === undefined) return;
let v5 = v4?.["chain"]; if (v5 === undefined && (v5 = get(v4, "chain")) === undefined) return;
let v6 = v5?.["reasons"]; if (v6 === undefined && (v6 = get(v5, "reasons")) === undefined) return;
const L0s = entries(v6);
L0: for (let L0i = 0; L0i < L0s.values.length; L0i++) { if (--e.fuel < 0) e.refuel();
const v7 = L0s.values[L0i];
const v8 = L0s.keys === undefined ? L0i : L0s.keys[L0i];
r.add(v7);}
}
function m11(f) {
const r = new RegoSet();
n11c0(f, r);
return r;
}
function n11(f) {
const known = f.memo[11];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m11(f);
f.memo[11] = value === undefined ? undefinedRule : value;
return value;
}
function n12c0(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v1 = n13(f); if (v1 === undefined) break L0;
const v2 = B[0](f, P[5], v1); if (v2 === undefined) break L0;
if (v2 !== 0 && !equal(v2, 0)) break L0;
return true;}
return undefined;
}
function n12d(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
if (true === false) break L0;
return false;}
return undefined;
}
function m12(f) {
let r, s;
if ((s = n12c0(f)) !== undefined) return s;
return r === undefined ? n12d(f) : r;
}
function n12(f) {
const known = f.memo[12];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m12(f);
f.memo[12] = value === undefined ? undefinedRule : value;
return value;
}
function n13c0(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = f.input; if (v1 === undefined) return;
let v2 = v1?.["isolation"]; if (v2 === undefined && (v2 = get(v1, "isolation")) === undefined) return;
let v3 = v2?.["level"]; if (v3 === undefined && (v3 = get(v2, "level")) === undefined) return;
const v4 = (v3 !== "L3" && !equal(v3, "L3")); if (v4 === undefined) return;
if (v4 === false) return;
const v5 = f.input; if (v5 === undefined) return;
let v6 = v5?.["isolation"]; if (v6 === undefined && (v6 = get(v5, "isolation")) === undefined) return;
let v7 = v6?.["without"]; if (v7 === undefined && (v7 = get(v6, "without")) === undefined) return;
const v8 = B[3](f, P[8], ", ", v7); if (v8 === undefined) return;
const v9 = [v8];
const v10 = B[4](f, P[9], "the step ran without: %s", v9); if (v10 === undefined) return;
const v11 = f.input; if (v11 === undefined) return;
let v12 = v11?.["step"]; if (v12 === undefined && (v12 = get(v11, "step")) === undefined) return;
let v13 = v12?.["name"]; if (v13 === undefined && (v13 = get(v12, "name")) === undefined) return;
const v14 = { ["code"]: "build/isolation-weakened", ["subject"]: v13, ["message"]: v10 };
r.add(v14);
}
function n13c1(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = f.input; if (v1 === undefined) return;
let v2 = v1?.["network"]; if (v2 === undefined && (v2 = get(v1, "network")) === undefined) return;
const L0s = entries(v2);
L0: for (let L0i = 0; L0i < L0s.values.length; L0i++) { if (--e.fuel < 0) e.refuel();
const v3 = L0s.values[L0i];
const v4 = L0s.keys === undefined ? L0i : L0s.keys[L0i];
let v5 = v3?.["decision"]; if (v5 === undefined && (v5 = get(v3, "decision")) === undefined) continue L0;
if ("allowed" !== v5) continue L0;
let v6 = v3?.["host"]; if (v6 === undefined && (v6 = get(v3, "host")) === undefined) continue L0;
const v7 = f.input; if (v7 === undefined) continue L0;
let v8 = v7?.["step"]; if (v8 === undefined && (v8 = get(v7, "step")) === undefined) continue L0;
let v9 = v8?.["networkHosts"]; if (v9 === undefined && (v9 = get(v8, "networkHosts")) === undefined) continue L0;
let L2 = false; L1: {
if (!isMember(v6, v9)) break L1;
L2 = true; break L1;}
if (L2) continue L0;
const v10 = f.input; if (v10 === undefined) continue L0;
let v11 = v10?.["step"]; if (v11 === undefined && (v11 = get(v10, "step")) === undefined) continue L0;
let v12 = v11?.["name"]; if (v12 === undefined && (v12 = get(v11, "name")) === undefined) continue L0;
let v13 = v3?.["host"]; if (v13 === undefined && (v13 = get(v3, "host")) === undefined) continue L0;
const v14 = [v12, v13];
const v15 = B[4](f, P[10], "step %s reached %s, which it does not list", v14); if (v15 === undefined) continue L0;
let v16 = v3?.["host"]; if (v16 === undefined && (v16 = get(v3, "host")) === undefined) continue L0;
const v17 = { ["code"]: "build/network-undeclared", ["subject"]: v16, ["message"]: v15 };
r.add(v17);}
}
function n13c2(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = f.input; if (v1 === undefined) return;
let v2 = v1?.["materials"]; if (v2 === undefined && (v2 = get(v1, "materials")) === undefined) return;
const L0s = entries(v2);
L0: for (let L0i = 0; L0i < L0s.values.length; L0i++) { if (--e.fuel < 0) e.refuel();
const v3 = L0s.values[L0i];
const v4 = L0s.keys === undefined ? L0i : L0s.keys[L0i];
let v5 = v3?.["name"]; if (v5 === undefined && (v5 = get(v3, "name")) === undefined) continue L0;
let L2 = false; L1: {
const v6 = n14(f, v5); if (v6 === undefined) break L1;
if (v6 === false) break L1;
L2 = true; break L1;}
if (L2) continue L0;
const v7 = f.input; if (v7 === undefined) continue L0;
let v8 = v7?.["step"]; if (v8 === undefined && (v8 = get(v7, "step")) === undefined) continue L0;
let v9 = v8?.["name"]; if (v9 === undefined && (v9 = get(v8, "name")) === undefined) continue L0;
let v10 = v3?.["name"]; if (v10 === undefined && (v10 = get(v3, "name")) === undefined) continue L0;
const v11 = [v9, v10];
const v12 = B[4](f, P[11], "step %s took in %s, which its pipeline does not give it", v11); if (v12 === undefined) continue L0;
let v13 = v3?.["name"]; if (v13 === undefined && (v13 = get(v3, "name")) === undefined) continue L0;
const v14 = { ["code"]: "build/material-foreign", ["subject"]: v13, ["message"]: v12 };
r.add(v14);}
}
function n13c3(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = f.input; if (v1 === undefined) return;
let v2 = v1?.["step"]; if (v2 === undefined && (v2 = get(v1, "step")) === undefined) return;
let v3 = v2?.["outputs"]; if (v3 === undefined && (v3 = get(v2, "outputs")) === undefined) return;
const L0s = entries(v3);
L0: for (let L0i = 0; L0i < L0s.values.length; L0i++) { if (--e.fuel < 0) e.refuel();
const v4 = L0s.values[L0i];
const v5 = L0s.keys === undefined ? L0i : L0s.keys[L0i];
let L2 = false; L1: {
const v6 = n15(f, v4); if (v6 === undefined) break L1;
if (v6 === false) break L1;
L2 = true; break L1;}
if (L2) continue L0;
const v7 = f.input; if (v7 === undefined) continue L0;
let v8 = v7?.["step"]; if (v8 === undefined && (v8 = get(v7, "step")) === undefined) continue L0;
let v9 = v8?.["name"]; if (v9 === undefined && (v9 = get(v8, "name")) === undefined) continue L0;
const v10 = [v9, v4];
const v11 = B[4](f, P[12], "step %s has left nothing at %s", v10); if (v11 === undefined) continue L0;
const v12 = { ["code"]: "build/output-missing", ["subject"]: v4, ["message"]: v11 };
r.add(v12);}
}
function m13(f) {
const r = new RegoSet();
n13c0(f, r);
n13c1(f, r);
n13c2(f, r);
n13c3(f, r);
return r;
}
function n13(f) {
const known = f.memo[13];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m13(f);
f.memo[13] = value === undefined ? undefinedRule : value;
return value;
}
function n14c0(f, v1) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
if ("source" !== v1) break L0;
if (true === false) break L0;
return true;}
return undefined;
}
function n14c1(f, v1) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v2 = f.input; if (v2 === undefined) break L0;
let v3 = v2?.["step"]; if (v3 === undefined && (v3 = get(v2, "step")) === undefined) break L0;
let v4 = v3?.["stemcell"]; if (v4 === undefined && (v4 = get(v3, "stemcell")) === undefined) break L0;
const v5 = [v4];
const v6 = B[4](f, P[17], "stemcell/%s", v5); if (v6 === undefined) break L0;
if (v1 !== v6 && !equal(v1, v6)) break L0;
return true;}
return undefined;
}
function n14c2(f, v1) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v2 = f.input; if (v2 === undefined) break L0;
let v3 = v2?.["step"]; if (v3 === undefined && (v3 = get(v2, "step")) === undefined) break L0;
let v4 = v3?.["name"]; if (v4 === undefined && (v4 = get(v3, "name")) === undefined) break L0;
const v5 = [v4];
const v6 = B[4](f, P[18], "script/%s", v5); if (v6 === undefined) break L0;
if (v1 !== v6 && !equal(v1, v6)) break L0;
return true;}
return undefined;
}
function n14c3(f, v1) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v2 = B[5](f, P[19], v1, "network/"); if (v2 === undefined) break L0;
if (v2 === false) break L0;
return true;}
return undefined;
}
function n14c4(f, v1) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v2 = f.input; if (v2 === undefined) break L0;
let v3 = v2?.["step"]; if (v3 === undefined && (v3 = get(v2, "step")) === undefined) break L0;
let v4 = v3?.["inputs"]; if (v4 === undefined && (v4 = get(v3, "inputs")) === undefined) break L0;
const L1s = entries(v4);
L1: for (let L1i = 0; L1i < L1s.values.length; L1i++) { if (--e.fuel < 0) e.refuel();
const v5 = L1s.values[L1i];
const v6 = L1s.keys === undefined ? L1i : L1s.keys[L1i];
const v7 = [v5];
const v8 = B[4](f, P[20], "%s/", v7); if (v8 === undefined) continue L1;
const v9 = B[5](f, P[21], v1, v8); if (v9 === undefined) continue L1;
if (v9 === false) continue L1;
return true;}}
return undefined;
}
function n14(f, a0) {
let r, s;
if ((s = n14c0(f, a0)) !== undefined) return s;
if ((s = n14c1(f, a0)) !== undefined) return s;
if ((s = n14c2(f, a0)) !== undefined) return s;
if ((s = n14c3(f, a0)) !== undefined) return s;
if ((s = n14c4(f, a0)) !== undefined) return s;
return r === undefined ? undefined : r;
}
function n15c0(f, v1) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v2 = f.input; if (v2 === undefined) break L0;
let v3 = v2?.["products"]; if (v3 === undefined && (v3 = get(v2, "products")) === undefined) break L0;
const L1s = entries(v3);
L1: for (let L1i = 0; L1i < L1s.values.length; L1i++) { if (--e.fuel < 0) e.refuel();
const v4 = L1s.values[L1i];
const v5 = L1s.keys === undefined ? L1i : L1s.keys[L1i];
let v6 = v4?.["path"]; if (v6 === undefined && (v6 = get(v4, "path")) === undefined) continue L1;
if (v1 !== v6 && !equal(v1, v6)) continue L1;
return true;}}
return undefined;
}
function n15c1(f, v1) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v2 = f.input; if (v2 === undefined) break L0;
let v3 = v2?.["products"]; if (v3 === undefined && (v3 = get(v2, "products")) === undefined) break L0;
const L1s = entries(v3);
L1: for (let L1i = 0; L1i < L1s.values.length; L1i++) { if (--e.fuel < 0) e.refuel();
const v4 = L1s.values[L1i];
const v5 = L1s.keys === undefined ? L1i : L1s.keys[L1i];
const v6 = [v1];
const v7 = B[4](f, P[27], "%s/", v6); if (v7 === undefined) continue L1;
let v8 = v4?.["path"]; if (v8 === undefined && (v8 = get(v4, "path")) === undefined) continue L1;
const v9 = B[5](f, P[28], v8, v7); if (v9 === undefined) continue L1;
if (v9 === false) continue L1;
return true;}}
return undefined;
}
function n15(f, a0) {
let r, s;
if ((s = n15c0(f, a0)) !== undefined) return s;
if ((s = n15c1(f, a0)) !== undefined) return s;
return r === undefined ? undefined : r;
}
function n16c0(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v1 = n17(f); if (v1 === undefined) break L0;
const v2 = B[0](f, P[31], v1); if (v2 === undefined) break L0;
if (v2 !== 0 && !equal(v2, 0)) break L0;
return true;}
return undefined;
}
function n16d(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
if (true === false) break L0;
return false;}
return undefined;
}
function m16(f) {
let r, s;
if ((s = n16c0(f)) !== undefined) return s;
return r === undefined ? n16d(f) : r;
}
function n16(f) {
const known = f.memo[16];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m16(f);
f.memo[16] = value === undefined ? undefinedRule : value;
return value;
}
function n17c0(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = f.input; if (v1 === undefined) return;
let v2 = v1?.["image"]; if (v2 === undefined && (v2 = get(v1, "image")) === undefined) return;
let v3 = v2?.["user"]; if (v3 === undefined && (v3 = get(v2, "user")) === undefined) return;
const v4 = B[6](f, P[33], v3, ":"); if (v4 === undefined) return;
const v5 = get(v4, 0); if (v5 === undefined) return;
if (!isMember(v5, K[0])) return;
const v6 = f.input; if (v6 === undefined) return;
let v7 = v6?.["image"]; if (v7 === undefined && (v7 = get(v6, "image")) === undefined) return;
let v8 = v7?.["digest"]; if (v8 === undefined && (v8 = get(v7, "digest")) === undefined) return;
const v9 = { ["code"]: "package/root", ["subject"]: v8, ["message"]: "the image would run as root" };
r.add(v9);
}
function n17c1(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
let L1 = false; L0: {
const v1 = n18(f); if (v1 === undefined) break L0;
if (v1 === false) break L0;
L1 = true; break L0;}
if (L1) return;
const v2 = f.input; if (v2 === undefined) return;
let v3 = v2?.["stemcell"]; if (v3 === undefined && (v3 = get(v2, "stemcell")) === undefined) return;
let v4 = v3?.["name"]; if (v4 === undefined && (v4 = get(v3, "name")) === undefined) return;
const v5 = [v4];
const v6 = B[4](f, P[34], "the lowest layer is not %s", v5); if (v6 === undefined) return;
const v7 = f.input; if (v7 === undefined) return;
let v8 = v7?.["image"]; if (v8 === undefined && (v8 = get(v7, "image")) === undefined) return;
let v9 = v8?.["digest"]; if (v9 === undefined && (v9 = get(v8, "digest")) === undefined) return;
const v10 = { ["code"]: "package/base-mismatch", ["subject"]: v9, ["message"]: v6 };
r.add(v10);
}
function n17c2(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = f.input; if (v1 === undefined) return;
let v2 = v1?.["materials"]; if (v2 === undefined && (v2 = get(v1, "materials")) === undefined) return;
const L0s = entries(v2);
L0: for (let L0i = 0; L0i < L0s.values.length; L0i++) { if (--e.fuel < 0) e.refuel();
const v3 = L0s.values[L0i];
const v4 = L0s.keys === undefined ? L0i : L0s.keys[L0i];
let L2 = false; L1: {
const v5 = f.input; if (v5 === undefined) break L1;
let v6 = v5?.["stemcell"]; if (v6 === undefined && (v6 = get(v5, "stemcell")) === undefined) break L1;
if (v3 !== v6 && !equal(v3, v6)) break L1;
L2 = true; break L1;}
if (L2) continue L0;
const v7 = f.input; if (v7 === undefined) continue L0;
let v8 = v7?.["products"]; if (v8 === undefined && (v8 = get(v7, "products")) === undefined) continue L0;
let L4 = false; L3: {
if (!isMember(v3, v8)) break L3;
L4 = true; break L3;}
if (L4) continue L0;
let v9 = v3?.["name"]; if (v9 === undefined && (v9 = get(v3, "name")) === undefined) continue L0;
const v10 = [v9];
const v11 = B[4](f, P[35], "%s is no product of this delivery", v10); if (v11 === undefined) continue L0;
let v12 = v3?.["name"]; if (v12 === undefined && (v12 = get(v3, "name")) === undefined) continue L0;
const v13 = { ["code"]: "package/material-foreign", ["subject"]: v12, ["message"]: v11 };
r.add(v13);}
}
function m17(f) {
const r = new RegoSet();
n17c0(f, r);
n17c1(f, r);
n17c2(f, r);
return r;
}
function n17(f) {
const known = f.memo[17];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m17(f);
f.memo[17] = value === undefined ? undefinedRule : value;
return value;
}
function n18c0(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v1 = f.input; if (v1 === undefined) break L0;
let v2 = v1?.["image"]; if (v2 === undefined && (v2 = get(v1, "image")) === undefined) break L0;
let v3 = v2?.["layers"]; if (v3 === undefined && (v3 = get(v2, "layers")) === undefined) break L0;
const v4 = get(v3, 0); if (v4 === undefined) break L0;
let v5 = v4?.["digest"]; if (v5 === undefined && (v5 = get(v4, "digest")) === undefined) break L0;
const v6 = f.input; if (v6 === undefined) break L0;
let v7 = v6?.["stemcell"]; if (v7 === undefined && (v7 = get(v6, "stemcell")) === undefined) break L0;
let v8 = v7?.["digest"]; if (v8 === undefined && (v8 = get(v7, "digest")) === undefined) break L0;
if (v5 !== v8 && !equal(v5, v8)) break L0;
return true;}
return undefined;
}
function m18(f) {
let r, s;
if ((s = n18c0(f)) !== undefined) return s;
return r === undefined ? undefined : r;
}
function n18(f) {
const known = f.memo[18];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m18(f);
f.memo[18] = value === undefined ? undefinedRule : value;
return value;
}
function n19c0(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v1 = n20(f); if (v1 === undefined) break L0;
const v2 = B[0](f, P[40], v1); if (v2 === undefined) break L0;
if (v2 !== 0 && !equal(v2, 0)) break L0;
return true;}
return undefined;
}
function n19d(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
if (true === false) break L0;
return false;}
return undefined;
}
function m19(f) {
let r, s;
if ((s = n19c0(f)) !== undefined) return s;
return r === undefined ? n19d(f) : r;
}
function n19(f) {
const known = f.memo[19];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m19(f);
f.memo[19] = value === undefined ? undefinedRule : value;
return value;
}
function n20c0(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
let L1 = false; L0: {
const v1 = n21(f); if (v1 === undefined) break L0;
if (v1 === false) break L0;
L1 = true; break L0;}
if (L1) return;
const v2 = f.input; if (v2 === undefined) return;
let v3 = v2?.["image"]; if (v3 === undefined && (v3 = get(v2, "image")) === undefined) return;
const v4 = { ["code"]: "publish/unattested", ["subject"]: v3, ["message"]: "no attestation of this delivery says that the image was packaged" };
r.add(v4);
}
function n20c1(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
let L1 = false; L0: {
const v1 = n22(f); if (v1 === undefined) break L0;
if (v1 === false) break L0;
L1 = true; break L0;}
if (L1) return;
const v2 = f.input; if (v2 === undefined) return;
let v3 = v2?.["tags"]; if (v3 === undefined && (v3 = get(v2, "tags")) === undefined) return;
const v4 = B[3](f, P[42], ", ", v3); if (v4 === undefined) return;
const v5 = [v4];
const v6 = B[4](f, P[43], "none of the tags %s names the commit", v5); if (v6 === undefined) return;
const v7 = f.input; if (v7 === undefined) return;
let v8 = v7?.["image"]; if (v8 === undefined && (v8 = get(v7, "image")) === undefined) return;
const v9 = { ["code"]: "publish/untraceable", ["subject"]: v8, ["message"]: v6 };
r.add(v9);
}
function m20(f) {
const r = new RegoSet();
n20c0(f, r);
n20c1(f, r);
return r;
}
function n20(f) {
const known = f.memo[20];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m20(f);
f.memo[20] = value === undefined ? undefinedRule : value;
return value;
}
function n21c0(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v1 = f.input; if (v1 === undefined) break L0;
let v2 = v1?.["attestations"]; if (v2 === undefined && (v2 = get(v1, "attestations")) === undefined) break L0;
const L1s = entries(v2);
L1: for (let L1i = 0; L1i < L1s.values.length; L1i++) { if (--e.fuel < 0) e.refuel();
const v3 = L1s.values[L1i];
const v4 = L1s.keys === undefined ? L1i : L1s.keys[L1i];
let v5 = v3?.["step"]; if (v5 === undefined && (v5 = get(v3, "step")) === undefined) continue L1;
if ("package" !== v5) continue L1;
let v6 = v3?.["products"]; if (v6 === undefined && (v6 = get(v3, "products")) === undefined) continue L1;
const L2s = entries(v6);
L2: for (let L2i = 0; L2i < L2s.values.length; L2i++) { if (--e.fuel < 0) e.refuel();
const v7 = L2s.values[L2i];
const v8 = L2s.keys === undefined ? L2i : L2s.keys[L2i];
let v9 = v7?.["digest"]; if (v9 === undefined && (v9 = get(v7, "digest")) === undefined) continue L2;
const v10 = f.input; if (v10 === undefined) continue L2;
let v11 = v10?.["image"]; if (v11 === undefined && (v11 = get(v10, "image")) === undefined) continue L2;
if (v9 !== v11 && !equal(v9, v11)) continue L2;
return true;}}}
return undefined;
}
function m21(f) {
let r, s;
if ((s = n21c0(f)) !== undefined) return s;
return r === undefined ? undefined : r;
}
function n21(f) {
const known = f.memo[21];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m21(f);
f.memo[21] = value === undefined ? undefinedRule : value;
return value;
}
function n22c0(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v1 = f.input; if (v1 === undefined) break L0;
let v2 = v1?.["tags"]; if (v2 === undefined && (v2 = get(v1, "tags")) === undefined) break L0;
const L1s = entries(v2);
L1: for (let L1i = 0; L1i < L1s.values.length; L1i++) { if (--e.fuel < 0) e.refuel();
const v3 = L1s.values[L1i];
const v4 = L1s.keys === undefined ? L1i : L1s.keys[L1i];
const v5 = B[0](f, P[47], v3); if (v5 === undefined) continue L1;
const v6 = (typeof v5 === "number" && typeof 12 === "number" ? v5 >= 12 : B[7](f, P[48], v5, 12)); if (v6 === undefined) continue L1;
if (v6 === false) continue L1;
const v7 = f.input; if (v7 === undefined) continue L1;
let v8 = v7?.["commit"]; if (v8 === undefined && (v8 = get(v7, "commit")) === undefined) continue L1;
const v9 = B[5](f, P[49], v8, v3); if (v9 === undefined) continue L1;
if (v9 === false) continue L1;
return true;}}
return undefined;
}
function m22(f) {
let r, s;
if ((s = n22c0(f)) !== undefined) return s;
return r === undefined ? undefined : r;
}
function n22(f) {
const known = f.memo[22];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m22(f);
f.memo[22] = value === undefined ? undefinedRule : value;
return value;
}
function n23c0(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v1 = n26(f); if (v1 === undefined) break L0;
if (v1 === false) break L0;
const v2 = f.input; if (v2 === undefined) break L0;
let v3 = v2?.["chain"]; if (v3 === undefined && (v3 = get(v2, "chain")) === undefined) break L0;
let v4 = v3?.["verdict"]; if (v4 === undefined && (v4 = get(v3, "verdict")) === undefined) break L0;
if ("allowed" !== v4) break L0;
const v5 = f.input; if (v5 === undefined) break L0;
let v6 = v5?.["admission"]; if (v6 === undefined && (v6 = get(v5, "admission")) === undefined) break L0;
let v7 = v6?.["verdict"]; if (v7 === undefined && (v7 = get(v6, "verdict")) === undefined) break L0;
if ("allowed" !== v7) break L0;
return true;}
return undefined;
}
function n23c1(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
let L2 = false; L1: {
const v1 = n26(f); if (v1 === undefined) break L1;
if (v1 === false) break L1;
L2 = true; break L1;}
if (L2) break L0;
const v2 = n24(f); if (v2 === undefined) break L0;
const v3 = B[0](f, P[51], v2); if (v3 === undefined) break L0;
if (v3 !== 0 && !equal(v3, 0)) break L0;
return true;}
return undefined;
}
function n23d(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
if (true === false) break L0;
return false;}
return undefined;
}
function m23(f) {
let r, s;
if ((s = n23c0(f)) !== undefined) return s;
if ((s = n23c1(f)) !== undefined) return s;
return r === undefined ? n23d(f) : r;
}
function n23(f) {
const known = f.memo[23];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m23(f);
f.memo[23] = value === undefined ? undefinedRule : value;
return value;
}
function n24c0(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = n26(f); if (v1 === undefined) return;
if (v1 === false) return;
const v2 = f.input; if (v2 === undefined) return;
let v3 = v2?.["chain"]; if (v3 === undefined && (v3 = get(v2, "chain")) === undefined) return;
const v4 = f.input; if (v4 === undefined) return;
let v5 = v4?.["admission"]; if (v5 === undefined && (v5 = get(v4, "admission")) === undefined) return;
const v6 = [v3, v5];
const L0s = entries(v6);
L0: for (let L0i = 0; L0i < L0s.values.length; L0i++) { if (--e.fuel < 0) e.refuel();
const v7 = L0s.values[L0i];
const v8 = L0s.keys === undefined ? L0i : L0s.keys[L0i];
let v9 = v7?.["verdict"]; if (v9 === undefined && (v9 = get(v7, "verdict")) === undefined) continue L0;
if ("refused" !== v9) continue L0;
let v10 = v7?.["reasons"]; if (v10 === undefined && (v10 = get(v7, "reasons")) === undefined) continue L0;
const L1s = entries(v10);
L1: for (let L1i = 0; L1i < L1s.values.length; L1i++) { if (--e.fuel < 0) e.refuel();
const v11 = L1s.values[L1i];
const v12 = L1s.keys === undefined ? L1i : L1s.keys[L1i];
r.add(v11);}}
}
function n24c1(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
let L1 = false; L0: {
const v1 = n26(f); if (v1 === undefined) break L0;
if (v1 === false) break L0;
L1 = true; break L0;}
if (L1) return;
const v2 = f.input; if (v2 === undefined) return;
let v3 = v2?.["chain"]; if (v3 === undefined && (v3 = get(v2, "chain")) === undefined) return;
let v4 = v3?.["verdict"]; if (v4 === undefined && (v4 = get(v3, "verdict")) === undefined) return;
if ("refused" !== v4) return;
const v5 = f.input; if (v5 === undefined) return;
let v6 = v5?.["chain"]; if (v6 === undefined && (v6 = get(v5, "chain")) === undefined) return;
let v7 = v6?.["reasons"]; if (v7 === undefined && (v7 = get(v6, "reasons")) === undefined) return;
const L2s = entries(v7);
L2: for (let L2i = 0; L2i < L2s.values.length; L2i++) { if (--e.fuel < 0) e.refuel();
const v8 = L2s.values[L2i];
const v9 = L2s.keys === undefined ? L2i : L2s.keys[L2i];
let v10 = v8?.["code"]; if (v10 === undefined && (v10 = get(v8, "code")) === undefined) continue L2;
const v11 = n27(f, v10); if (v11 === undefined) continue L2;
if (v11 === false) continue L2;
r.add(v8);}
}
function m24(f) {
const r = new RegoSet();
n24c0(f, r);
n24c1(f, r);
return r;
}
function n24(f) {
const known = f.memo[24];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m24(f);
f.memo[24] = value === undefined ? undefinedRule : value;
return value;
}
function n25c0(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = n26(f); if (v1 === undefined) return;
if (v1 === false) return;
const v2 = f.input; if (v2 === undefined) return;
let v3 = v2?.["chain"]; if (v3 === undefined && (v3 = get(v2, "chain")) === undefined) return;
const v4 = f.input; if (v4 === undefined) return;
let v5 = v4?.["admission"]; if (v5 === undefined && (v5 = get(v4, "admission")) === undefined) return;
const v6 = [v3, v5];
const L0s = entries(v6);
L0: for (let L0i = 0; L0i < L0s.values.length; L0i++) { if (--e.fuel < 0) e.refuel();
const v7 = L0s.values[L0i];
const v8 = L0s.keys === undefined ? L0i : L0s.keys[L0i];
let v9 = v7?.["verdict"]; if (v9 === undefined && (v9 = get(v7, "verdict")) === undefined) continue L0;
if ("undecided" !== v9) continue L0;
let v10 = v7?.["reasons"]; if (v10 === undefined && (v10 = get(v7, "reasons")) === undefined) continue L0;
const L1s = entries(v10);
L1: for (let L1i = 0; L1i < L1s.values.length; L1i++) { if (--e.fuel < 0) e.refuel();
const v11 = L1s.values[L1i];
const v12 = L1s.keys === undefined ? L1i : L1s.keys[L1i];
r.add(v11);}}
}
function m25(f) {
const r = new RegoSet();
n25c0(f, r);
return r;
}
function n25(f) {
const known = f.memo[25];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m25(f);
f.memo[25] = value === undefined ? undefinedRule : value;
return value;
}
function n26c0(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
let L2 = false; L1: {
const v1 = f.input; if (v1 === undefined) break L1;
let v2 = v1?.["process"]; if (v2 === undefined && (v2 = get(v1, "process")) === undefined) break L1;
if (v2 === false) break L1;
L2 = true; break L1;}
if (L2) break L0;
return true;}
return undefined;
}
function m26(f) {
let r, s;
if ((s = n26c0(f)) !== undefined) return s;
return r === undefined ? undefined : r;
}
function n26(f) {
const known = f.memo[26];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m26(f);
f.memo[26] = value === undefined ? undefinedRule : value;
return value;
}
function n27c0(f, v1) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v2 = B[5](f, P[58], v1, "evidence/"); if (v2 === undefined) break L0;
if (v2 === false) break L0;
return true;}
return undefined;
}
function n27c1(f, v1) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v2 = B[5](f, P[59], v1, "source/"); if (v2 === undefined) break L0;
if (v2 === false) break L0;
return true;}
return undefined;
}
function n27(f, a0) {
let r, s;
if ((s = n27c0(f, a0)) !== undefined) return s;
if ((s = n27c1(f, a0)) !== undefined) return s;
return r === undefined ? undefined : r;
}
function n28c0(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
const v1 = f.input; if (v1 === undefined) break L0;
let v2 = v1?.["verification"]; if (v2 === undefined && (v2 = get(v1, "verification")) === undefined) break L0;
let v3 = v2?.["verdict"]; if (v3 === undefined && (v3 = get(v2, "verdict")) === undefined) break L0;
if ("allowed" !== v3) break L0;
const v4 = f.input; if (v4 === undefined) break L0;
let v5 = v4?.["pipeline"]; if (v5 === undefined && (v5 = get(v4, "pipeline")) === undefined) break L0;
let v6 = v5?.["name"]; if (v6 === undefined && (v6 = get(v5, "name")) === undefined) break L0;
const v7 = f.input; if (v7 === undefined) break L0;
let v8 = v7?.["repository"]; if (v8 === undefined && (v8 = get(v7, "repository")) === undefined) break L0;
if (v6 !== v8 && !equal(v6, v8)) break L0;
return true;}
return undefined;
}
function n28d(f) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
L0: {
if (true === false) break L0;
return false;}
return undefined;
}
function m28(f) {
let r, s;
if ((s = n28c0(f)) !== undefined) return s;
return r === undefined ? n28d(f) : r;
}
function n28(f) {
const known = f.memo[28];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m28(f);
f.memo[28] = value === undefined ? undefinedRule : value;
return value;
}
function n29c0(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = f.input; if (v1 === undefined) return;
let v2 = v1?.["verification"]; if (v2 === undefined && (v2 = get(v1, "verification")) === undefined) return;
let v3 = v2?.["verdict"]; if (v3 === undefined && (v3 = get(v2, "verdict")) === undefined) return;
if ("refused" !== v3) return;
const v4 = f.input; if (v4 === undefined) return;
let v5 = v4?.["verification"]; if (v5 === undefined && (v5 = get(v4, "verification")) === undefined) return;
let v6 = v5?.["reasons"]; if (v6 === undefined && (v6 = get(v5, "reasons")) === undefined) return;
const L0s = entries(v6);
L0: for (let L0i = 0; L0i < L0s.values.length; L0i++) { if (--e.fuel < 0) e.refuel();
const v7 = L0s.values[L0i];
const v8 = L0s.keys === undefined ? L0i : L0s.keys[L0i];
r.add(v7);}
}
function n29c1(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = f.input; if (v1 === undefined) return;
let v2 = v1?.["pipeline"]; if (v2 === undefined && (v2 = get(v1, "pipeline")) === undefined) return;
let v3 = v2?.["name"]; if (v3 === undefined && (v3 = get(v2, "name")) === undefined) return;
const v4 = f.input; if (v4 === undefined) return;
let v5 = v4?.["repository"]; if (v5 === undefined && (v5 = get(v4, "repository")) === undefined) return;
const v6 = (v3 !== v5 && !equal(v3, v5)); if (v6 === undefined) return;
if (v6 === false) return;
const v7 = f.input; if (v7 === undefined) return;
let v8 = v7?.["pipeline"]; if (v8 === undefined && (v8 = get(v7, "pipeline")) === undefined) return;
let v9 = v8?.["name"]; if (v9 === undefined && (v9 = get(v8, "name")) === undefined) return;
const v10 = [v9];
const v11 = B[4](f, P[64], "custody.yaml is for %s", v10); if (v11 === undefined) return;
const v12 = f.input; if (v12 === undefined) return;
let v13 = v12?.["commit"]; if (v13 === undefined && (v13 = get(v12, "commit")) === undefined) return;
let v14 = v13?.["id"]; if (v14 === undefined && (v14 = get(v13, "id")) === undefined) return;
const v15 = { ["code"]: "source/wrong-repository", ["subject"]: v14, ["message"]: v11 };
r.add(v15);
}
function m29(f) {
const r = new RegoSet();
n29c0(f, r);
n29c1(f, r);
return r;
}
function n29(f) {
const known = f.memo[29];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m29(f);
f.memo[29] = value === undefined ? undefinedRule : value;
return value;
}
function n30c0(f, r) {
const e = f.evaluation; if (--e.fuel < 0) e.refuel();
const v1 = f.input; if (v1 === undefined) return;
let v2 = v1?.["verification"]; if (v2 === undefined && (v2 = get(v1, "verification")) === undefined) return;
let v3 = v2?.["verdict"]; if (v3 === undefined && (v3 = get(v2, "verdict")) === undefined) return;
if ("undecided" !== v3) return;
const v4 = f.input; if (v4 === undefined) return;
let v5 = v4?.["verification"]; if (v5 === undefined && (v5 = get(v4, "verification")) === undefined) return;
let v6 = v5?.["reasons"]; if (v6 === undefined && (v6 = get(v5, "reasons")) === undefined) return;
const L0s = entries(v6);
L0: for (let L0i = 0; L0i < L0s.values.length; L0i++) { if (--e.fuel < 0) e.refuel();
const v7 = L0s.values[L0i];
const v8 = L0s.keys === undefined ? L0i : L0s.keys[L0i];
r.add(v7);}
}
function m30(f) {
const r = new RegoSet();
n30c0(f, r);
return r;
}
function n30(f) {
const known = f.memo[30];
if (known !== undefined) return known === undefinedRule ? undefined : known;
const value = m30(f);
f.memo[30] = value === undefined ? undefinedRule : value;
return value;
}
function query(f, found) {
const e = f.evaluation;
found([], []);
}
return { nodes: { 9: n9, 10: n10, 11: n11, 12: n12, 13: n13, 14: n14, 15: n15, 16: n16, 17: n17, 18: n18, 19: n19, 20: n20, 21: n21, 22: n22, 23: n23, 24: n24, 25: n25, 26: n26, 27: n27, 28: n28, 29: n29, 30: n30 }, fills: {  }, query };
}
