import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import {
  edstSchedule,
  endsMember,
  independentSchedule,
  memberSpan,
  phaseAt,
  type Schedule,
  type ScheduleOptions,
  updatesTopology,
} from "../../lib/training/schedule.ts";

const PAPER: ScheduleOptions = {
  epochs: 350,
  explore: 100,
  members: 5,
  learningRate: 0.1,
  pruneRate: 0.2,
  interval: 2,
  refinement: "comprehensive",
};

Deno.test("edstSchedule gives the phases of the paper's Table 6", () => {
  const { epochs, members, phases } = edstSchedule(PAPER);
  assert.equal(epochs, 350);
  assert.equal(members, 5);
  const exploration = {
    name: "exploration",
    member: 0,
    from: 0,
    to: 100,
    learningRate: 0.1,
    pruneRate: 0.2,
    interval: 2,
  };
  const refinements = [0, 1, 2, 3, 4].flatMap((member) => [{
    name: "refinement 1",
    member,
    from: 100 + 50 * member,
    to: 125 + 50 * member,
    learningRate: 0.1,
    pruneRate: 0.2,
    interval: 4,
  }, {
    name: "refinement 2",
    member,
    from: 125 + 50 * member,
    to: 150 + 50 * member,
    learningRate: 0.05,
    pruneRate: 0.1,
    interval: 8,
  }]);
  assert.deepEqual(phases, [exploration, ...refinements]);
});

Deno.test("edstSchedule keeps the interval in plain refinement, and still halves the rates", () => {
  const { phases } = edstSchedule({ ...PAPER, refinement: "plain" });
  assert.ok(phases.every((phase) => phase.interval === 2));
  assert.deepEqual(phases.slice(1, 3).map((phase) => phase.learningRate), [0.1, 0.05]);
  assert.deepEqual(phases.slice(1, 3).map((phase) => phase.pruneRate), [0.2, 0.1]);
  const boundaries = edstSchedule(PAPER).phases.map(({ from, to }) => [from, to]);
  assert.deepEqual(phases.map(({ from, to }) => [from, to]), boundaries);
});

Deno.test("updatesTopology names the paper's epochs, and none where a member ends", () => {
  const schedule = edstSchedule(PAPER);
  const epochs = Array.from({ length: 350 }, (_, epoch) => epoch);
  const updates = epochs.filter((epoch) => updatesTopology(schedule, epoch));
  const expected = epochs.filter((epoch) => {
    if (epoch < 100) return epoch % 2 === 0;
    const ofMember = (epoch - 100) % 50;
    return ofMember < 25 ? epoch % 4 === 0 : epoch % 8 === 0 && ofMember < 49;
  });
  assert.deepEqual(updates, expected);
  assert.deepEqual(epochs.filter((epoch) => endsMember(schedule, epoch)), [
    149,
    199,
    249,
    299,
    349,
  ]);
  // With an update after every epoch, only the members' last ones are left out.
  const every = edstSchedule({ ...PAPER, interval: 1, refinement: "plain" });
  assert.deepEqual(
    epochs.filter((epoch) => !updatesTopology(every, epoch)),
    [149, 199, 249, 299, 349],
  );
});

Deno.test("phaseAt and memberSpan find the epochs' phases and the members' epochs", () => {
  const schedule = edstSchedule(PAPER);
  assert.equal(phaseAt(schedule, 0).name, "exploration");
  assert.equal(phaseAt(schedule, 99).name, "exploration");
  assert.equal(phaseAt(schedule, 100).name, "refinement 1");
  assert.equal(phaseAt(schedule, 125).name, "refinement 2");
  assert.equal(phaseAt(schedule, 150).member, 1);
  assert.deepEqual(memberSpan(schedule, 0), { from: 0, to: 150 });
  assert.deepEqual(memberSpan(schedule, 4), { from: 300, to: 350 });
  for (const epoch of [-1, 350, NaN]) {
    assert.throws(() => phaseAt(schedule, epoch), {
      name: "RangeError",
      message: `Cannot find epoch ${epoch}: the run has 350 epochs`,
    });
  }
});

Deno.test("edstSchedule divides epochs that do not divide evenly", () => {
  const spans = (epochs: number, explore: number, members: number) => {
    const { phases } = edstSchedule({ ...PAPER, epochs, explore, members });
    return phases.map(({ from, to }) => to - from);
  };
  assert.deepEqual(spans(17, 3, 3), [3, 3, 2, 2, 2, 3, 2]);
  assert.deepEqual(spans(4, 0, 2), [1, 1, 1, 1]);
  assert.deepEqual(spans(5, 2, 1), [2, 2, 1]);
});

Deno.test("edstSchedule refuses fewer than two epochs for a member", () => {
  assert.throws(() => edstSchedule({ ...PAPER, epochs: 109 }), {
    name: "RangeError",
    message: "Cannot divide the run: 109 epochs less 100 of exploration leave 9 for 5 members, " +
      'need at least 10: "explore" of at most 99, or "epochs" of at least 110, or ' +
      '"members" of at most 4',
  });
  assert.throws(() => edstSchedule({ ...PAPER, epochs: 50 }), /leave 0 for 5 members/);
  assert.throws(
    () => edstSchedule({ ...PAPER, epochs: 9 }),
    /need at least 10: "epochs" of at lea/,
  );
  assert.equal(edstSchedule({ ...PAPER, epochs: 110 }).phases.length, 11);
});

Deno.test("every schedule covers all epochs in order, and gives every member its share", () => {
  const options = fc.record({
    members: fc.integer({ min: 1, max: 12 }),
    explore: fc.integer({ min: 0, max: 50 }),
    extra: fc.integer({ min: 0, max: 100 }),
    interval: fc.integer({ min: 1, max: 9 }),
    refinement: fc.constantFrom("comprehensive" as const, "plain" as const),
  });
  fc.assert(
    fc.property(options, ({ members, explore, extra, interval, refinement }) => {
      const epochs = explore + 2 * members + extra;
      const all = { ...PAPER, epochs, explore, members, interval, refinement };
      const edst = edstSchedule(all);
      assertCovers(edst, epochs, members);
      for (let member = 0; member < members; member++) {
        const { from, to } = memberSpan(edst, member);
        const share = (epochs - explore) / members;
        assert.ok(Math.abs(to - Math.max(from, explore) - share) < 1);
        const halves = edst.phases.filter((p) => p.member === member && p.name !== "exploration");
        const [first, second] = halves.map((phase) => phase.to - phase.from);
        assert.ok(first === second || first === second + 1);
      }
      assertCovers(independentSchedule(all), epochs * members, members);
    }),
    { seed: 1, numRuns: 300 },
  );
});

function assertCovers(schedule: Schedule, epochs: number, members: number): void {
  assert.equal(schedule.epochs, epochs);
  assert.equal(schedule.members, members);
  let next = 0;
  let ended = 0;
  for (const { from, to } of schedule.phases) {
    assert.equal(from, next);
    assert.ok(to > from);
    next = to;
  }
  assert.equal(next, epochs);
  for (let epoch = 0; epoch < epochs; epoch++) {
    assert.equal(phaseAt(schedule, epoch).member, ended);
    if (!endsMember(schedule, epoch)) continue;
    assert.ok(!updatesTopology(schedule, epoch));
    ended++;
  }
  assert.equal(ended, members);
}

Deno.test("independentSchedule trains every member alone for all of its epochs", () => {
  const { epochs, members, phases } = independentSchedule({ ...PAPER, epochs: 30, members: 3 });
  assert.equal(epochs, 90);
  assert.equal(members, 3);
  assert.deepEqual(
    phases,
    [0, 1, 2].map((member) => ({
      name: "training",
      member,
      from: 30 * member,
      to: 30 * member + 30,
      learningRate: 0.1,
      pruneRate: 0.2,
      interval: 2,
    })),
  );
});

Deno.test("independentSchedule gives the first members epochs in turn, and the others theirs", () => {
  const first = { members: 3, epochs: [2, 5] };
  const { epochs, phases } = independentSchedule({
    ...PAPER,
    ...{ epochs: 9, members: 6, first, turns: [4, 1] },
  });
  assert.deepEqual(phases.map(({ from, to }) => to - from), [2, 5, 2, 4, 1, 4]);
  assert.equal(epochs, 18);
});

Deno.test("the baseline's schedule updates the topology every other epoch but after the last", () => {
  const schedule = independentSchedule({ ...PAPER, epochs: 9, members: 1 });
  const updates = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((epoch) => updatesTopology(schedule, epoch));
  assert.deepEqual(updates, [0, 2, 4, 6]);
});

Deno.test("an independent member evolves for a share of its epochs, and then keeps its topology", () => {
  const schedule = independentSchedule({ ...PAPER, epochs: 10, members: 2, evolveUntil: 0.6 });
  assert.deepEqual(
    schedule.phases.map(({ member, from, to, pruneRate }) => [member, from, to, pruneRate]),
    [[0, 0, 6, 0.2], [0, 6, 10, 0], [1, 10, 16, 0.2], [1, 16, 20, 0]],
  );
  const updates = Array.from({ length: 20 }, (_, epoch) => epoch)
    .filter((epoch) => updatesTopology(schedule, epoch));
  assert.deepEqual(updates, [0, 2, 4, 10, 12, 14]);
  const [never] = independentSchedule({ ...PAPER, epochs: 4, members: 1, evolveUntil: 0 }).phases;
  assert.deepEqual([never.from, never.to, never.pruneRate], [0, 4, 0]);
});
