/**
 * A cluster of one machine: Slurm's daemons in a folder of their own, on the loopback interface. Run as
 * a program with the folder as its argument. It prints one line of JSON when the node is idle; then
 * every line of input is a program with its arguments, as a JSON list, and is answered with what came of
 * it. When the input ends, the daemons are stopped.
 */
import { Buffer } from "node:buffer";

const [folder] = Deno.args;
const config = `${folder}/slurm.conf`;

/** The programs that this needs. */
const DAEMONS = ["munged", "slurmctld", "slurmd"] as const;

function configuration(): string {
  const host = Deno.hostname();
  // Ports of the range that systems give to nobody by themselves.
  const port = 20_000 + Deno.pid % 10_000;
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${port}
SlurmdPort=${port + 1}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
StateSaveLocation=${folder}/slurmctld
SlurmdSpoolDir=${folder}/slurmd
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0
MpiDefault=none
SlurmdParameters=config_overrides
NodeName=${host} NodeAddr=127.0.0.1 CPUs=3 State=UNKNOWN
PartitionName=local Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

async function run(program: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    env: { SLURM_CONF: config },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

async function start(program: string, ...args: string[]): Promise<void> {
  // Daemons keep what they inherit: their output must not be ours, or nobody would see its end.
  const { code } = await new Deno.Command(program, {
    args,
    env: { SLURM_CONF: config },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  if (code !== 0) throw new Error(`Cannot start ${program}: it ended with status ${code}`);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 600_000;
  while (!await holds()) {
    if (performance.now() > deadline) {
      throw new Error(`Cannot use Slurm: waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function up(): Promise<void> {
  for (const name of ["slurmctld", "slurmd"]) await Deno.mkdir(`${folder}/${name}`);
  const key = crypto.getRandomValues(new Uint8Array(1024));
  await Deno.writeFile(`${folder}/munge.key`, key, { mode: 0o400 });
  await Deno.writeTextFile(config, configuration());
  await start(
    "munged",
    // The folder may be in one that everybody writes to.
    "--force",
    ...["key", "socket"].map((name) =>
      `--${name === "key" ? "key-file" : name}=${folder}/munge.${name}`
    ),
    `--pid-file=${folder}/munged.pid`,
    `--log-file=${folder}/munged.log`,
    `--seed-file=${folder}/munge.seed`,
  );
  await start("slurmctld");
  await until("slurmctld", async () => (await run("scontrol", "ping")).stdout.includes("UP"));
  await start("slurmd");
  await until(
    "the node",
    async () => (await run("sinfo", "-h", "-o", "%T")).stdout.includes("idle"),
  );
}

async function down(): Promise<void> {
  for (const name of [...DAEMONS].reverse()) {
    const pid = await Deno.readTextFile(`${folder}/${name}.pid`).catch(() => null);
    if (pid === null) continue;
    const alive = (signal: Deno.Signal | null) => {
      try {
        if (signal === null) Deno.statSync(`/proc/${Number(pid)}`);
        else Deno.kill(Number(pid), signal);
        return true;
      } catch {
        return false;
      }
    };
    alive("SIGTERM");
    await until(`the end of ${name}`, () => Promise.resolve(!alive(null))).catch(() =>
      alive("SIGKILL")
    );
  }
}

async function* lines(): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const piece of Deno.stdin.readable) {
    rest = Buffer.concat([rest, piece]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.subarray(0, end).toString();
      rest = rest.subarray(end + 1);
    }
  }
}

const answer = (value: unknown) => Deno.stdout.write(Buffer.from(`${JSON.stringify(value)}\n`));

try {
  await up();
  await answer({ config });
  for await (const line of lines()) {
    const [program, ...args] = JSON.parse(line) as string[];
    await answer(await run(program, ...args));
  }
} finally {
  await run("scancel", "--user=root", "--full").catch(() => {});
  await down();
}
