/**
 * `deno task build-npm`: writes the package for npm. The files that `deno publish` would send to JSR are
 * converted to JavaScript for Node 20, one by one, each with its types.
 */
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { plural, quotedPath } from "../../lib/messages.ts";
import { runProgram, say, taskProgram, userPath } from "../terminal/command_line.ts";
import type { typescript } from "./typescript.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The part of deno.json that is about the package. */
interface Configuration {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly publish: { readonly include: readonly string[]; readonly exclude: readonly string[] };
}

const program = taskProgram("build-npm", "Writes the package for npm.", "", "--out package")
  .option("--out <folder>", "write there; an earlier package there goes away", "npm")
  .action(async ({ out }) => {
    // The compiler asks for permissions when it is imported, so it is imported late.
    const { typescript } = await import("./typescript.ts");
    const folder = userPath(out);
    const configuration = JSON.parse(readFileSync(`${root}deno.json`, "utf8")) as Configuration;
    requireOwn(folder, configuration.name);
    rmSync(folder, { recursive: true, force: true });
    const files = publishedFiles(configuration);
    const dependencies = new Map<string, string>();
    for (const file of files) {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      if (/\.ts$/.test(file)) writeModule(typescript, file, path, dependencies);
      else copyFileSync(`${root}${file}`, path);
    }
    const text = JSON.stringify(packageOf(configuration, dependencies), null, 2);
    writeFileSync(join(folder, "package.json"), `${text}\n`);
    say(`Wrote ${plural(files.length, "file")} of the package: ${folder}`);
    say(`Publish it: cd ${folder} && npm publish --access public`);
  });

/** Refuses a folder with other content, which would be lost. */
function requireOwn(folder: string, name: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  const path = join(folder, "package.json");
  if (existsSync(path) && JSON.parse(readFileSync(path, "utf8")).name === name) return;
  throw new TypeError(
    `Cannot write the package to ${
      quotedPath(folder)
    }: found other files there, need a new folder, or ` +
      "that of an earlier package",
  );
}

/** The files that `deno publish` would send, without the pages of documentation. */
function publishedFiles({ publish }: Configuration): string[] {
  const files = publish.include.filter((path) => path !== "docs/" && path !== "deno.json")
    .flatMap((path) => path.endsWith("/") ? globSync(`${path}**/*.*`, { cwd: root }) : [path]);
  return files.map((path) => relative(root, join(root, path)))
    .filter((path) => !publish.exclude.some((left) => path.startsWith(left)))
    .sort();
}

/** Writes a module as JavaScript and its types. */
function writeModule(
  compiler: typeof typescript,
  file: string,
  path: string,
  dependencies: Map<string, string>,
): void {
  const text = readFileSync(`${root}${file}`, "utf8");
  const { ScriptTarget, ModuleKind } = compiler;
  const compilerOptions = {
    target: ScriptTarget.ES2022,
    module: ModuleKind.ESNext,
    isolatedModules: true,
    verbatimModuleSyntax: true,
  };
  const options = { fileName: file, compilerOptions };
  const script = compiler.transpileModule(text, options).outputText;
  const types = compiler.transpileDeclaration(text, options).outputText;
  const base = path.replace(/\.ts$/, "");
  writeFileSync(`${base}.js`, forNode(script, dependencies));
  writeFileSync(`${base}.d.ts`, forNode(types, dependencies));
}

/** Rewrites imports for Node: files end in .js, and packages have no versions. */
function forNode(text: string, dependencies: Map<string, string>): string {
  return text
    .replaceAll(/(["'])(\.{1,2}\/[^"'\n]*)\.ts\1/g, "$1$2.js$1")
    .replaceAll(
      /(["'])npm:((?:@[^/@"'\n]+\/)?[^/@"'\n]+)@([\d.]+)((?:\/[^"'\n]*)?)\1/g,
      (_, quote: string, name: string, version: string, path: string) => {
        dependencies.set(name, version);
        return `${quote}${name}${path}${quote}`;
      },
    );
}

function packageOf(
  { name, version, license, exports }: Configuration,
  dependencies: ReadonlyMap<string, string>,
): object {
  const paths = Object.entries(exports).map(([path, file]) => {
    const base = file.replace(/\.ts$/, "");
    return [path, { types: `${base}.d.ts`, default: `${base}.js` }];
  });
  return {
    name,
    version,
    description: "Truly sparse neural network ensembles for tables",
    license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=20.16" },
    exports: Object.fromEntries(paths),
    dependencies: Object.fromEntries([...dependencies].sort()),
  };
}

await runProgram(program);
