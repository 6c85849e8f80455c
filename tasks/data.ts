/** `deno task data`: the catalogue's data sets: lists, shows, fetches and verifies them. */
import process from "node:process";
import { readDataset } from "../mod.ts";
import {
  balanceClasses,
  CATALOGUE,
  type CatalogueDataset,
  catalogueDataset,
  dataFolder,
  datasetCsv,
  fetchDataset,
  type VerifiedFile,
  verifyDataset,
} from "../lib/data/catalogue/mod.ts";
import { writeFileAtomically } from "../lib/files/mod.ts";
import {
  asTyped,
  giveUp,
  runProgram,
  sameCommand,
  say,
  taskProgram,
  tell,
  userPath,
  warn,
} from "./terminal/command_line.ts";
import { csvToWrite } from "./terminal/file_to_write.ts";
import { parseNumber } from "./terminal/parse.ts";
import { Option } from "./terminal/commander.ts";
import { onInterrupt } from "./terminal/interrupt.ts";
import { fetchDisplay } from "./terminal/fetch_display.ts";
import { readingDisplay } from "./terminal/progress_display.ts";
import { plainTable } from "./terminal/result_table.ts";

const FOLDER = "the folder with the data (default: SPARSEMBLE_DATA, or .cache/data)";
const JSON_TEXT = "print one JSON value; progress goes to standard error";

/** This data set has 2.8 GB. It is fetched only if it is named. */
const BY_NAME_ONLY = "higgs";

const program = taskProgram(
  "data",
  "Lists, shows, fetches and verifies the paper's data sets.",
  "list",
  "fetch gesture-phase",
  "verify",
);

program.command("list")
  .description("lists the data sets, and which of them are here")
  .option("--folder <path>", FOLDER)
  .option("--json", JSON_TEXT)
  .action(({ folder, json }) => {
    const where = chosenFolder(folder);
    const listed = Object.entries(CATALOGUE).map(([name, dataset]) => {
      const { title, rows, features, classes, extent, paper, sources, files } = dataset;
      const here = files.every((file) => isThere(`${where}/${file.name}`));
      const publishers = sources.map(({ publisher }) => publisher);
      return { name, title, rows, features, classes, extent, paper, here, publishers };
    });
    if (json) return say(JSON.stringify({ folder: where, datasets: listed }));
    say(plainTable(
      ["name", "rows", "features", "classes", "rows are", "here", "offered by"],
      listed.map(({ name, rows, features, classes, extent, paper, here, publishers }) => [
        name,
        rows,
        features,
        classes,
        extent === "exact" ? "all" : `a part${paper.rows === null ? "" : ` of ${paper.rows}`}`,
        here ? "yes" : "no",
        publishers.join(", ") || "nobody",
      ]),
    ));
    say(asTyped(`Folder: ${where}. Train on one with: deno task train dataset:NAME`));
  });

program.command("show")
  .description("shows what is known of a data set")
  .argument("<NAME>", "its name")
  .option("--json", JSON_TEXT)
  .action((name, { json }) => {
    const dataset = catalogueDataset(name);
    say(json ? JSON.stringify({ name, ...dataset }) : description(name, dataset).join("\n"));
  });

program.command("fetch")
  .description("downloads data sets from their publishers")
  .argument("[NAMES...]", "their names")
  .option("--all", `all that somebody offers, but ${BY_NAME_ONLY}`)
  .addOption(
    new Option("--from <publisher>", "whom to ask (default: the first in the list)")
      .choices(["hugging-face", "openml", "uci", "github", "google"] as const),
  )
  .option("--mirror <address>", "ask there for what the publishers have, at the same paths")
  .option("--folder <path>", FOLDER)
  .option("--json", JSON_TEXT)
  .action(async (given, { all, from: publisher, mirror, folder, json }) => {
    const names = all
      ? Object.keys(CATALOGUE).filter((name) =>
        CATALOGUE[name].sources.length > 0 && name !== BY_NAME_ONLY
      )
      : given;
    if (names.length === 0) throw new TypeError("Cannot fetch: need names of data sets, or --all");
    names.forEach(catalogueDataset);
    using interrupt = onInterrupt();
    const { signal } = interrupt;
    const fetched = [];
    try {
      for (const name of names) {
        const display = fetchDisplay(name);
        const { onEvent } = display;
        const options = { folder: chosenFolder(folder), publisher, mirror, signal, onEvent };
        const found = await fetchDataset(name, options).finally(display.stop);
        fetched.push(found);
        for (const { address, bytes, sha256, checked } of found.downloads) {
          if (checked) continue;
          warn(`${name}: ${address} has ${bytes} bytes and SHA-256 ${sha256} (none was known)`);
        }
        if (!json) say(`${name}: ${found.alreadyThere ? "is there" : "fetched"}`);
      }
      if (json) say(JSON.stringify(fetched));
    } catch (error) {
      if (!signal.aborted) throw error;
      warn(`Stopped. What was downloaded is kept; go on with: ${sameCommand("data")}`);
      process.exitCode = 130;
    }
  });

program.command("verify")
  .description("compares the files that are here with their checksums")
  .argument("[NAMES...]", "names of data sets; left out: all that are here")
  .option("--folder <path>", FOLDER)
  .option("--json", JSON_TEXT)
  .action(async (given, { folder, json }) => {
    const names = given.length === 0 ? Object.keys(CATALOGUE) : given;
    names.forEach(catalogueDataset);
    const reading = readingDisplay();
    const verified: VerifiedFile[] = [];
    for (const name of names) {
      verified.push(
        ...await verifyDataset(name, {
          folder: chosenFolder(folder),
          onProgress: (path, bytesRead, bytesTotal) =>
            reading(path, { bytesRead, bytesTotal, rows: 0 }),
        }),
      );
    }
    const wrong = verified.filter(({ state }) =>
      state === "changed" || (state === "missing" && given.length > 0)
    );
    const shown = verified.filter(({ state }) => state !== "missing" || given.length > 0);
    if (json) say(JSON.stringify(verified));
    else if (shown.length === 0) say(`No data set is here: ${chosenFolder(folder)}`);
    else {
      say(plainTable(
        ["data set", "file", "state", "found"],
        shown.map(({ name, path, state, found }) => [name, path.split("/").at(-1)!, state, found]),
      ));
    }
    if (wrong.length === 0) return;
    warn(`Cannot vouch for ${wrong.map(({ path }) => JSON.stringify(path)).join(", ")}`);
    process.exitCode = 1;
  });

program.command("balance")
  .description("keeps the rows of a table that the tabular benchmark's rule keeps of it")
  .argument("<FILE>", "a table: .csv, .csv.gz, .arff, .npy, .npz, .idx, .mat, .parquet")
  .requiredOption("--target <column>", "the column with the classes")
  .requiredOption("--out <file>", "where to write the CSV")
  .addOption(
    new Option("--missing-target <rule>", "rows without a target are refused or left out")
      .choices(["error", "skip"] as const).default("error" as const),
  )
  .option("--seed <number>", "of NumPy's generator (default: the benchmark's 0)", parseNumber, 0)
  .action(async (file, { target, out, seed, missingTarget }) => {
    const path = csvToWrite(out);
    const reading = readingDisplay();
    const onProgress = (progress: Parameters<typeof reading>[1]) => reading(file, progress);
    const { dataset, remarks } = await readDataset(userPath(file), {
      target,
      missingTarget,
      onProgress,
    });
    for (const remark of remarks) tell(remark);
    const balanced = balanceClasses(dataset, seed);
    writeFileAtomically(path, encoded(datasetCsv(balanced)));
    const [larger, smaller] = balanced.classes;
    say(
      `${balanced.rows} of ${dataset.rows} rows: ${balanced.rows / 2} of class ${larger} drawn, ` +
        `and all of class ${smaller}`,
    );
  });

for (const command of program.commands) {
  if (command.name() !== "fetch") command.hook("preAction", () => giveUp("net"));
  if (["list", "show", "verify"].includes(command.name())) {
    command.hook("preAction", () => giveUp("write"));
  }
}

function chosenFolder(folder: string | undefined): string {
  return folder === undefined ? dataFolder() : userPath(folder);
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function description(name: string, dataset: CatalogueDataset): string[] {
  const { title, rows, features, classes, extent, whole, paper, files, sources } = dataset;
  const shape = `${rows} rows × ${features} features, ${classes} classes`;
  const published = `${paper.rows ?? "an unstated number of"} rows × ${paper.features} features`;
  return [
    `${title}: ${shape}`,
    extent === "exact"
      ? `In the paper: ${published}`
      : `ONLY A PART: the paper has ${published}; results on it are no reproduction. The whole is ` +
        `the data set ${whole}`,
    `Original: ${dataset.original}`,
    `Licence as stated: ${dataset.licence}`,
    `What was done to it: ${dataset.transformation}`,
    `Split: ${dataset.split}`,
    ...files.flatMap((file) => [
      `File ${file.name}: ${file.rows} rows`,
      `  SHA-256, compressed: ${file.sha256 ?? "unknown"}`,
      `  SHA-256 of the text: ${file.csvSha256 ?? "unknown"}`,
      `  SHA-256 of the numbers: ${file.numbersSha256 ?? "unknown"}`,
    ]),
    ...sources.flatMap(({ publisher, downloads }) =>
      downloads.map(({ address, sha256 }) =>
        `Offered by ${publisher}: ${address} (SHA-256 ${sha256 ?? "unknown"})`
      )
    ),
    ...sources.length === 0 ? ["Offered by nobody in this form"] : [],
    `Configuration: dataset:${name}`,
  ];
}

function* encoded(pieces: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const piece of pieces) yield encoder.encode(piece);
}

await runProgram(program);
