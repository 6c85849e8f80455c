/** A Slurm cluster of one machine for tests; see `single_node.ts`. */
import { fileURLToPath } from "node:url";
import { newFolder } from "../files.ts";

/** A cluster that is up. */
export interface Cluster extends AsyncDisposable {
  /** The file that `SLURM_CONF` has to name. */
  readonly config: string;
  /** Runs a program with access to the cluster. */
  run(
    program: string,
    ...args: string[]
  ): Promise<{ code: number; stdout: string; stderr: string }>;
}

const PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol"];

/** Why no cluster can be had here; `null` where one can. */
export const missing: string | null = reason();

function reason(): string | null {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin"];
  const absent = PROGRAMS.find((name) => !folders.some((folder) => isFile(`${folder}/${name}`)));
  if (absent !== undefined) return `${absent} is not installed`;
  return Deno.statSync(newFolder()).uid === 0 ? null : "not root";
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Starts a cluster. Its daemons are stopped when it is disposed of, and when this process ends. */
export async function startCluster(): Promise<Cluster> {
  const folder = newFolder();
  const program = fileURLToPath(new URL("single_node.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", program, folder],
    env: { PATH: `${Deno.env.get("PATH")}:/usr/sbin`, NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const writer = child.stdin.getWriter();
  let rest = "";
  // deno-lint-ignore no-explicit-any
  const next = async (): Promise<any> => {
    while (!rest.includes("\n")) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`Cannot use Slurm: ${await errors}`);
      rest += value;
    }
    const end = rest.indexOf("\n");
    const line = rest.slice(0, end);
    rest = rest.slice(end + 1);
    return JSON.parse(line);
  };
  const { config } = await next();
  return {
    config,
    async run(...command) {
      await writer.write(new TextEncoder().encode(`${JSON.stringify(command)}\n`));
      return await next();
    },
    async [Symbol.asyncDispose]() {
      await writer.close();
      await reader.cancel();
      await child.status;
      await errors;
      await Deno.remove(folder, { recursive: true });
    },
  };
}
