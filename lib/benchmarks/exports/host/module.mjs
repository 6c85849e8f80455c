// Times an exported module in Deno and Node: node module.mjs MODULE ROWS COLUMNS prints microseconds of a row.
import { readFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [file, table, columns] = process.argv.slice(2);
const { predictProba } = await import(pathToFileURL(file).href);
const { buffer } = new Uint8Array(readFileSync(table));
const numbers = new Float32Array(buffer);
const rows = [];
for (let i = 0; i < numbers.length; i += Number(columns)) {
  rows.push([...numbers.subarray(i, i + Number(columns))]);
}

function timed(call, calls) {
  for (let i = 0; i < calls; i++) call(i);
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i++) call(i);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

const one = timed((i) => predictProba([rows[i]]), 300);
const many = timed(() => predictProba(rows), 5) / rows.length;
process.stdout.write(`${JSON.stringify([one, many])}\n`);
