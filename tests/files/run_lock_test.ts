import assert from "node:assert/strict";
import { isRunHeld, lockRun } from "../../lib/files/run_lock.ts";

const library = new URL("../../lib/files/run_lock.ts", import.meta.url).href;

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}

/** A process that locks a folder, says so, and waits for its standard input. */
async function holder(folder: string): Promise<{
  process: Deno.ChildProcess;
  said: string;
}> {
  const script = `${await Deno.makeTempDir()}/hold.ts`;
  await Deno.writeTextFile(
    script,
    `import { lockRun } from ${JSON.stringify(library)};
    try {
      lockRun(${JSON.stringify(folder)});
      console.log("held");
    } catch (error) {
      console.log((error as Error).message);
    }
    Deno.stdin.readSync(new Uint8Array(1));`,
  );
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--allow-read", "--allow-write", script],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return { process, said: new TextDecoder().decode(value).trim() };
}

async function end({ process }: { process: Deno.ChildProcess }): Promise<void> {
  await process.stdin.close();
  await process.stdout.cancel();
  await process.status;
}

Deno.test("lockRun keeps out a second lock until it is released", () => {
  const folder = `${Deno.makeTempDirSync()}/run`;
  const lock = lockRun(folder);
  assert.equal(lock.path, `${folder}/run.lock`);
  const { pid, since } = JSON.parse(Deno.readTextFileSync(lock.path));
  assert.equal(pid, Deno.pid);
  assert.throws(
    () => lockRun(folder),
    (error: Error) =>
      error.message.startsWith(`Cannot use the run folder "${folder}": process ${Deno.pid} `) &&
      error.message.endsWith(`has held it since ${since}, need it to end first`),
  );
  lock.release();
  lock.release();
  assert.deepEqual(names(folder), []);
  {
    using again = lockRun(folder);
    assert.deepEqual(names(folder), ["run.lock"]);
    assert.equal(again.path, lock.path);
    lock.release(); // a late release does not touch what is now another's
    assert.throws(() => lockRun(folder), /has held it since/);
  }
  assert.deepEqual(names(folder), []);
});

Deno.test("lockRun of another process says who holds the folder", async () => {
  const folder = await Deno.makeTempDir();
  const first = await holder(folder);
  assert.equal(first.said, "held");
  const since = /since (\S+), need/;
  assert.throws(
    () => lockRun(folder),
    (error: Error) =>
      error.message.includes(`process ${first.process.pid} `) &&
      !Number.isNaN(Date.parse(since.exec(error.message)![1])),
  );
  const second = await holder(folder);
  assert.match(
    second.said,
    new RegExp(`^Cannot use the run folder ".*": process ${first.process.pid} .*has held it since`),
  );
  await end(second);
  await end(first);
  lockRun(folder).release();
});

Deno.test("lockRun takes over from a process that was killed", async () => {
  const folder = await Deno.makeTempDir();
  const killed = await holder(folder);
  assert.equal(killed.said, "held");
  killed.process.kill("SIGKILL");
  await end(killed);
  assert.deepEqual(names(folder), ["run.lock"]);
  assert.equal(
    JSON.parse(await Deno.readTextFile(`${folder}/run.lock`)).pid,
    killed.process.pid,
  );
  using lock = lockRun(folder);
  assert.equal(JSON.parse(await Deno.readTextFile(lock.path)).pid, Deno.pid);
});

Deno.test("lockRun takes over a lock file of any content", () => {
  for (const content of ["", "{", "null", "[1]", "\u0000".repeat(5000)]) {
    const folder = Deno.makeTempDirSync();
    Deno.writeTextFileSync(`${folder}/run.lock`, content);
    using lock = lockRun(folder);
    assert.equal(JSON.parse(Deno.readTextFileSync(lock.path)).pid, Deno.pid);
    Deno.writeTextFileSync(lock.path, content);
    assert.throws(() => lockRun(folder), /: another process has held it \(it did not say which\)/);
  }
});

Deno.test("lockRun outlasts a process that only looks whether the folder is held", async () => {
  const folder = await Deno.makeTempDir();
  // Left behind by a process that was killed; who looks locks it for a moment.
  await Deno.writeTextFile(`${folder}/run.lock`, "{}");
  using looker = await Deno.open(`${folder}/run.lock`);
  assert.equal(await looker.tryLock(false), true);
  let attempts = 0;
  using lock = lockRun(folder, {
    tryLock(file) {
      const locked = file.tryLockSync(true);
      if (attempts++ === 2) looker.unlockSync();
      return locked;
    },
  });
  assert.equal(attempts, 4);
  assert.equal(JSON.parse(await Deno.readTextFile(lock.path)).pid, Deno.pid);
});

Deno.test("lockRun notices that the file it locked was removed meanwhile", () => {
  const folder = Deno.makeTempDirSync();
  let attempts = 0;
  // The holder lets go, and so removes the file, after we opened it and before we lock it.
  using lock = lockRun(folder, {
    tryLock(file) {
      if (attempts++ === 0) Deno.removeSync(`${folder}/run.lock`);
      return file.tryLockSync(true);
    },
  });
  assert.equal(attempts, 2);
  assert.equal(JSON.parse(Deno.readTextFileSync(lock.path)).pid, Deno.pid);
  assert.throws(() => lockRun(folder), /has held it since/);
});

Deno.test("lockRun falls back to the file alone where the file system has no locks", () => {
  const folder = Deno.makeTempDirSync();
  const tryLock = () => {
    throw new Error("Function not implemented (os error 38)");
  };
  const lock = lockRun(folder, { tryLock });
  assert.throws(
    () => lockRun(folder, { tryLock }),
    (error: Error) =>
      error.message.startsWith(`Cannot use the run folder of "${lock.path}": `) &&
      /no locks .*os error 38.* process \d+ .*if that process has ended, remove the file$/
        .test(error.message),
  );
  lock.release();
  lockRun(folder, { tryLock }).release();
  assert.deepEqual(names(folder), []);
});

Deno.test("lockRun leaves no lock file where a full disk cannot take its content", () => {
  for (const hasLocks of [true, false]) {
    const folder = Deno.makeTempDirSync();
    const full = (file: Deno.FsFile) => {
      file.writeSync = () => {
        throw new Error("the disk is full");
      };
      if (!hasLocks) throw new Error("Function not implemented (os error 38)");
      return file.tryLockSync(true);
    };
    assert.throws(() => lockRun(folder, { tryLock: full }), /^Error: Cannot lock .*disk is full$/);
    assert.deepEqual(names(folder), []);
    lockRun(folder).release();
  }
});

Deno.test("an empty lock file holds nothing, and where the file is the lock a message says what it is", () => {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/run.lock`, "");
  const tryLock = () => {
    throw new Error("Function not implemented (os error 38)");
  };
  assert.throws(
    () => lockRun(folder, { tryLock }),
    /found an empty lock file, as a crash or a full disk leaves it; if no process works in the folder, remove the file$/,
  );
  assert.equal(isRunHeld(folder), false);
  lockRun(folder).release();
  assert.deepEqual(names(folder), []);
});

Deno.test("lockRun says why a folder cannot be locked", () => {
  const file = `${Deno.makeTempDirSync()}/file`;
  Deno.writeTextFileSync(file, "");
  assert.throws(
    () => lockRun(file),
    (error: Error) =>
      error.message.startsWith(`Cannot lock the run folder "${file}": `) &&
      error.cause instanceof Error,
  );
});

Deno.test({
  name:
    "lockRun does not follow a symbolic link at the lock's place, nor write to what it leads to",
  ignore: Deno.build.os === "windows",
  fn() {
    const folder = Deno.makeTempDirSync();
    const [run, mine] = [`${folder}/run`, `${folder}/mine.txt`];
    Deno.mkdirSync(run);
    Deno.writeTextFileSync(mine, "mine");
    for (const target of [mine, `${folder}/missing`, "/dev/null"]) {
      Deno.symlinkSync(target, `${run}/run.lock`);
      const says = `found a symbolic link at "${run}/run.lock", need a file`;
      assert.throws(() => lockRun(run), {
        name: "Error",
        message: `Cannot lock the run folder "${run}": ${says}`,
      });
      assert.throws(() => isRunHeld(run), {
        message: `Cannot look at the run folder "${run}": ${says}`,
      });
      Deno.removeSync(`${run}/run.lock`);
    }
    assert.equal(Deno.readTextFileSync(mine), "mine");
    assert.deepEqual(names(folder).sort(), ["mine.txt", "run"]);
    // A link that comes between opening and locking.
    const tryLock = () => {
      Deno.removeSync(`${run}/run.lock`);
      Deno.symlinkSync(mine, `${run}/run.lock`);
      return true;
    };
    assert.throws(() => lockRun(run, { tryLock }), /found a symbolic link/);
    assert.equal(Deno.readTextFileSync(mine), "mine");
  },
});
