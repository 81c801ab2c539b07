import type { Bundle, BundlePatch } from "../bundle/index.ts";
import type { CompileOptions } from "../engine.ts";
import { parseModules } from "../syntax/index.ts";
import type { Module, RegoVersion, Source } from "../syntax/index.ts";
import { isObject, mergeShallow } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";
import { findDocument, readDocument, withParents, withWrite } from "./documents.ts";
import type { DocumentWrite } from "./documents.ts";
import { StoreFault } from "./faults.ts";
import { refuseOwned, refuseSharedRoots } from "./ownership.ts";
import type { ActiveBundles } from "./ownership.ts";
import { parseDocumentPath, parsePatchPath } from "./paths.ts";
import type { DocumentPath } from "./paths.ts";
import { Snapshot } from "./snapshot.ts";
import type { StoreContent } from "./snapshot.ts";

/**
 * Documents and policies in memory, as OPA's server holds them. Every change is whole: it is checked, compiled, and then
 * there at once; one that is refused changes nothing. Whoever took a snapshot before still has it as it was.
 */
export class RegoStore {
  readonly #options: CompileOptions;
  #snapshot: Snapshot;

  constructor(options: CompileOptions) {
    this.#options = options;
    this.#snapshot = new Snapshot({ data: {}, modules: new Map(), bundles: new Map() }, options);
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Goes back, or on, to what was there at another moment. */
  restore(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
  }

  /**
   * Puts other documents and modules in the place of those that are there.
   *
   * @throws RegoDiagnostics
   */
  replace(data: AnyObject, sources: readonly Source[]): void {
    const modules = parseModules(sources, { version: this.#version });
    const { content } = this.#snapshot;
    this.#become({ ...content, data, modules: new Map(modules.map((one) => [one.file, one] as const)) });
  }

  /** Puts documents and modules that were loaded beside what is there. */
  load(data: AnyObject, modules: readonly Module[]): void {
    const { content } = this.#snapshot;
    const merged = new Map([...content.modules, ...modules.map((one) => [one.file, one] as const)]);
    this.#become({ ...content, modules: merged, data: mergeShallow(content.data, data) });
  }

  /**
   * Puts a document at a path, with objects on the way there.
   *
   * @throws StoreFault; RegoDiagnostics where a rule stands at that path.
   */
  putDocument(path: DocumentPath, value: RegoValue): void {
    const { content } = this.#snapshot;
    refuseOwned(content.bundles, path);
    const isThere = findDocument(content.data, path) !== undefined;
    const data = isThere ? content.data : withParents(content.data, path.slice(0, -1));
    this.#become({ ...content, data: withWrite(data, added(path, value)) });
  }

  /** @throws StoreFault */
  deleteDocument(path: DocumentPath): void {
    const { content } = this.#snapshot;
    refuseOwned(content.bundles, path);
    readDocument(content.data, path);
    this.writeDocuments([{ kind: "remove", path }]);
  }

  /**
   * Makes changes one after the other: all of them, or none.
   *
   * @throws StoreFault; RegoDiagnostics where a rule stands at one of the paths.
   */
  writeDocuments(writes: readonly DocumentWrite[]): void {
    const { content } = this.#snapshot;
    for (const { path } of writes) refuseOwned(content.bundles, path);
    this.#become({ ...content, data: writes.reduce(withWrite, content.data) });
  }

  /** @throws StoreFault `storage_not_found_error`. */
  getModule(id: string): Module {
    const module = this.#snapshot.content.modules.get(id);
    if (module) return module;
    throw new StoreFault("storage_not_found_error", `policy id ${JSON.stringify(id)}`);
  }

  /**
   * Puts a module in the place of the one that has its id; `parsed` hears when it was read and is to be compiled.
   *
   * @throws RegoDiagnostics; StoreFault where a bundle owns the package.
   */
  putModule(id: string, text: string, parsed: () => void = () => undefined): void {
    const { content } = this.#snapshot;
    const known = content.modules.get(id);
    if (known) refuseOwned(content.bundles, known.package);
    if (known?.text === text) return;
    const [module] = parseModules([{ file: id, text }], { version: this.#version });
    if (!module) return;
    parsed();
    refuseOwned(content.bundles, module.package);
    this.#become({ ...content, modules: new Map([...content.modules, [id, module]]) });
  }

  /** @throws RegoDiagnostics when others need it; StoreFault when it is not there, or a bundle's. */
  deleteModule(id: string): void {
    const { content } = this.#snapshot;
    refuseOwned(content.bundles, this.getModule(id).package);
    const left = [...content.modules].filter(([known]) => known !== id);
    this.#become({ ...content, modules: new Map(left) });
  }

  /**
   * Puts a bundle in the place of the one that had its name: what that one owned goes, what this one owns comes.
   *
   * @throws RegoDiagnostics; StoreFault when another bundle owns some of it.
   */
  activate(name: string, bundle: Bundle): void {
    const { content } = this.#snapshot;
    const { roots, revision, regoVersion } = bundle.manifest;
    const version = regoVersion === 0 ? "v0" : this.#version;
    const sources = bundle.modules.map(({ file, text }) => ({
      file: `${name}/${file.replace(/^\//, "")}`,
      text,
    }));
    const modules = parseModules(sources, { version });
    const moduleIds = modules.map(({ file }) => file);
    const bundles: ActiveBundles = new Map([...content.bundles, [name, { revision, roots, moduleIds }]]);
    refuseSharedRoots(bundles);
    const gone = content.bundles.get(name);
    const kept = [...content.modules].filter(([id]) => !gone?.moduleIds.includes(id));
    this.#become({
      bundles,
      modules: new Map([...kept, ...modules.map((module) => [module.file, module] as const)]),
      data: withRoots(withoutRoots(content.data, [...(gone?.roots ?? []), ...roots]), bundle),
    });
  }

  /**
   * Takes bundles away, with all that they own; names of none are no matter.
   *
   * @throws RegoDiagnostics when what is left needs them.
   */
  deactivate(names: readonly string[]): void {
    const { content } = this.#snapshot;
    const gone = [...content.bundles].flatMap(([name, bundle]) => (names.includes(name) ? [bundle] : []));
    if (gone.length === 0) return;
    const moduleIds = new Set(gone.flatMap((bundle) => bundle.moduleIds));
    this.#become({
      bundles: new Map([...content.bundles].filter(([name]) => !names.includes(name))),
      modules: new Map([...content.modules].filter(([id]) => !moduleIds.has(id))),
      data: withoutRoots(
        content.data,
        gone.flatMap(({ roots }) => roots),
      ),
    });
  }

  /**
   * Makes the changes of a delta bundle to the one that has its name: all of them, or none.
   *
   * @throws StoreFault when there is no such bundle, when it owns something else, and for a change that cannot be made.
   */
  patchBundle(name: string, { manifest, operations }: BundlePatch): void {
    const { content } = this.#snapshot;
    const active = content.bundles.get(name);
    if (!active) throw new StoreFault("bad_request", `delta bundle '${name}' has no bundle before it`);
    if (active.roots.toSorted().join() !== manifest.roots.toSorted().join()) {
      const said = "has manifest roots that are different from those in the store";
      throw new StoreFault("bad_request", `delta bundle '${name}' ${said}`);
    }
    const { revision } = manifest;
    this.#become({
      ...content,
      bundles: new Map([...content.bundles, [name, { ...active, revision }]]),
      data: operations.reduce(withOperation, content.data),
    });
  }

  get #version(): RegoVersion {
    return this.#options.version ?? "v1";
  }

  #become(content: StoreContent): void {
    this.#snapshot = new Snapshot(content, this.#options, this.#snapshot);
  }
}

function added(path: DocumentPath, value: RegoValue): DocumentWrite {
  return { kind: "add", path, value };
}

/** The documents after a change of a delta bundle; what an `upsert` needs on the way is made. */
function withOperation(data: AnyObject, operation: BundlePatch["operations"][number]): AnyObject {
  const path = parsePatchPath(operation.path);
  if (!path) throw new StoreFault("bad_request", "error parsing patch path");
  if (operation.op === "remove") return withWrite(data, { kind: "remove", path });
  if (operation.op === "replace") return withWrite(data, { kind: "replace", path, value: operation.value });
  const parent = path.slice(0, -1);
  const isThere = findDocument(data, parent) !== undefined;
  return withWrite(isThere ? data : withParents(data, parent), added(path, operation.value));
}

function withoutRoots(data: AnyObject, roots: readonly string[]): AnyObject {
  return roots.reduce<AnyObject>((left, root) => {
    const path = parseDocumentPath(root) ?? [];
    if (path.length === 0) return {};
    return findDocument(left, path) === undefined ? left : withWrite(left, { kind: "remove", path });
  }, data);
}

function withRoots(data: AnyObject, { manifest, data: own }: Bundle): AnyObject {
  return manifest.roots.reduce<AnyObject>((whole, root) => {
    const path = parseDocumentPath(root) ?? [];
    const value = findDocument(own, path);
    if (value === undefined) return whole;
    if (path.length === 0) return isObject(value) ? value : whole;
    return withWrite(withParents(whole, path.slice(0, -1)), added(path, value));
  }, data);
}
