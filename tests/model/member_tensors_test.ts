import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "npm:fast-check@4.3.0";
import {
  describeMembers,
  membersFromTensors,
  membersToTensors,
} from "../../lib/model/member_tensors.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type Tensor,
} from "../../lib/files/safetensors.ts";
import type { Member } from "../../lib/nn/member.ts";
import type { StoredLayer } from "../../lib/nn/stored_layer.ts";
import { exampleMembers } from "./example_members.ts";

const fixtures = new URL("./fixtures/", import.meta.url).pathname;

Deno.test("membersToTensors names the tensors by member, layer and array", () => {
  const tensors = membersToTensors(exampleMembers());
  assert.deepEqual([...tensors.keys()].filter((name) => name.startsWith("member.1")), [
    "member.1.layer.0.indptr",
    "member.1.layer.0.indices",
    "member.1.layer.0.data",
    "member.1.layer.0.bias",
    "member.1.layer.1.indptr",
    "member.1.layer.1.indices",
    "member.1.layer.1.data",
    "member.1.layer.1.bias",
    "member.1.layer.2.weight",
    "member.1.layer.2.bias",
  ]);
  assert.deepEqual(tensors.get("member.1.layer.0.indices"), {
    dtype: "I32",
    shape: [3],
    data: Int32Array.of(0, 2, 0),
  });
  assert.deepEqual(tensors.get("member.0.layer.2.weight"), {
    dtype: "F32",
    shape: [2, 2],
    data: Float32Array.of(1, 2, 3, 4),
  });
});

Deno.test("membersFromTensors gives back random members through a file's bytes", () => {
  const size = fc.integer({ min: 1, max: 6 });
  const value = fc.float({ noNaN: true, noDefaultInfinity: true });
  const floats = (length: number): fc.Arbitrary<Float32Array> =>
    fc.array(value, { minLength: length, maxLength: length }).map((list) =>
      Float32Array.from(list)
    );
  const sparse = (rows: number, columns: number): fc.Arbitrary<StoredLayer> =>
    fc.tuple(
      fc.array(fc.subarray(Array.from({ length: columns }, (_, i) => i)), {
        minLength: rows,
        maxLength: rows,
      }),
      floats(rows * columns),
      floats(rows),
    ).map(([lists, values, bias]) => {
      const indices = Int32Array.from(lists.flat());
      const indptr = new Int32Array(rows + 1);
      lists.forEach((list, row) => indptr[row + 1] = indptr[row] + list.length);
      const data = values.slice(0, indices.length);
      return { kind: "sparse", shape: [rows, columns], indptr, indices, data, bias };
    });
  const dense = (rows: number, columns: number): fc.Arbitrary<StoredLayer> =>
    fc.tuple(floats(rows * columns), floats(rows)).map(([weights, bias]) => ({
      kind: "dense",
      shape: [rows, columns],
      weights,
      bias,
    }));
  const member = (inputs: number, hidden: number, outputs: number): fc.Arbitrary<Member> =>
    fc.record({
      layers: fc.tuple(
        fc.oneof(sparse(hidden, inputs), dense(hidden, inputs)),
        fc.oneof(sparse(outputs, hidden), dense(outputs, hidden)),
      ),
      epoch: fc.nat(),
      validationAccuracy: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    });
  const members = fc.tuple(size, size, size).chain(([inputs, hidden, outputs]) =>
    fc.array(member(inputs, hidden, outputs), { maxLength: 3 })
  );
  fc.assert(
    fc.property(members, (members) => {
      const bytes = Buffer.concat(encodeSafetensors(membersToTensors(members)));
      const description = JSON.parse(JSON.stringify(describeMembers(members)));
      const { tensors } = decodeSafetensors(bytes, "property");
      // As JSON knows no −0, neither does the comparison of accuracies.
      const expected = members.map((member) => ({
        ...member,
        validationAccuracy: member.validationAccuracy === null
          ? null
          : member.validationAccuracy + 0,
      }));
      assert.deepEqual(membersFromTensors(tensors, description, "property"), expected);
    }),
    { seed: 2, numRuns: 200 },
  );
});

Deno.test("membersFromTensors reads a network that the Python package wrote", () => {
  const { tensors } = readSafetensors(`${fixtures}member.safetensors`);
  const layers = [{ kind: "sparse", shape: [2, 3] }, { kind: "dense", shape: [2, 2] }];
  const [member] = membersFromTensors(
    tensors,
    [{ epoch: 3, validationAccuracy: 0.5, layers }],
    "member.safetensors",
  );
  assert.deepEqual(member, {
    layers: [
      {
        kind: "sparse",
        shape: [2, 3],
        indptr: Int32Array.of(0, 2, 3),
        indices: Int32Array.of(0, 2, 1),
        data: Float32Array.of(0.5, -1, 2),
        bias: Float32Array.of(0.25, -0.25),
      },
      {
        kind: "dense",
        shape: [2, 2],
        weights: Float32Array.of(1, 2, 3, 4),
        bias: Float32Array.of(0, 1),
      },
    ],
    epoch: 3,
    validationAccuracy: 0.5,
  });
});

Deno.test("membersFromTensors names the tensor that is wrong", () => {
  type Change = (tensors: Map<string, Tensor>) => void;
  const set = (name: string, at: number, value: number): Change => (tensors) => {
    (tensors.get(name)!.data as Float32Array | Int32Array)[at] = value;
  };
  const replace = (name: string, tensor: Tensor): Change => (tensors) => tensors.set(name, tensor);
  const f32 = (...data: number[]): Tensor => ({
    dtype: "F32",
    shape: [data.length],
    data: Float32Array.from(data),
  });
  const first = "member.0.layer.0";
  const cases: [Change, RegExp][] = [
    [(tensors) => tensors.delete(`${first}.data`), /found no tensor "member.0.layer.0.data"/],
    [replace("optimizer", f32(1)), /found tensor "optimizer", need only those that are described/],
    [replace("member.2.layer.0.bias", f32(1)), /found tensor "member.2.layer.0.bias"/],
    [
      replace(`${first}.bias`, f32(1, 2, 3)),
      /"member.0.layer.0.bias" with F32 of shape \[3\], need F32 of shape \[2\]/,
    ],
    [
      replace(`${first}.data`, f32(1, 2)),
      /tensor "member.0.layer.0.data" with F32 of shape \[2\], need F32 of shape \[3\]/,
    ],
    [replace(`${first}.indices`, f32(0, 2, 1)), /"member.0.layer.0.indices" with F32 of shape/],
    [
      replace(`${first}.indices`, { dtype: "I32", shape: [3, 1], data: Int32Array.of(0, 2, 1) }),
      /"member.0.layer.0.indices" with I32 of shape \[3, 1\], need I32 of shape \[3\]/,
    ],
    [
      replace("member.0.layer.2.weight", f32(1, 2, 3, 4)),
      /"member.0.layer.2.weight" with F32 of shape \[4\], need F32 of shape \[2, 2\]/,
    ],
    [set(`${first}.indptr`, 0, 1), /"member.0.layer.0.indptr".* begins with 1, need 0/],
    [set(`${first}.indptr`, 2, 4), /"member.0.layer.0.indptr".* ends with 4, need 3/],
    [set(`${first}.indptr`, 1, 9), /"member.0.layer.0.indptr".* falls from 9 to 3/],
    [set(`${first}.indptr`, 1, -1), /"member.0.layer.0.indptr".* falls from 0 to -1/],
    [set(`${first}.indices`, 2, 3), /"member.0.layer.0.indices".* index 3, need 0 to 2/],
    [set(`${first}.indices`, 0, -1), /"member.0.layer.0.indices".* index -1, need 0 to 2/],
    [set(`${first}.indices`, 1, 0), /"member.0.layer.0.indices".* index 0 after 0/],
    [set(`${first}.data`, 1, NaN), /found NaN in tensor "member.0.layer.0.data" at 1/],
    [set(`${first}.bias`, 0, -Infinity), /found -Infinity in tensor "member.0.layer.0.bias" at 0/],
    [set("member.1.layer.2.weight", 3, Infinity), /in tensor "member.1.layer.2.weight" at 3/],
  ];
  const description = describeMembers(exampleMembers());
  for (const [change, message] of cases) {
    const tensors = membersToTensors(exampleMembers());
    change(tensors);
    assert.throws(
      () => membersFromTensors(tensors, description, "model.safetensors"),
      (error) =>
        error instanceof SyntaxError && message.test(error.message) &&
        error.message.startsWith('Cannot read "model.safetensors": '),
      String(message),
    );
  }
});

Deno.test("membersFromTensors refuses layers and members that do not fit", () => {
  const tensors = membersToTensors(exampleMembers());
  const layer = (rows: number, columns: number) => ({ kind: "dense", shape: [rows, columns] });
  const member = (...layers: unknown[]) => ({ epoch: 1, validationAccuracy: null, layers });
  const cases: [unknown, RegExp][] = [
    [
      [member(layer(4, 3), layer(2, 5))],
      /layer 1 of member 0 with 5 inputs, need 4, the outputs of/,
    ],
    [
      [member(layer(2, 3)), member(layer(2, 4))],
      /member 1 with 4 inputs and 2 outputs, need 3 and 2/,
    ],
    [
      [member(layer(2, 3)), member(layer(9, 3))],
      /member 1 with 3 inputs and 9 outputs, need 3 and 2/,
    ],
  ];
  for (const [description, message] of cases) {
    assert.throws(() => membersFromTensors(tensors, description, "model"), message);
  }
});

Deno.test("membersFromTensors names the place in the description that is wrong", () => {
  const member = { epoch: 1, validationAccuracy: null, layers: [{ kind: "dense", shape: [2, 3] }] };
  // With nothing wrong in the description the tensors are looked for.
  assert.throws(
    () => membersFromTensors(new Map(), [member], "model"),
    /found no tensor "member\.0\.layer\.0\.weight"/,
  );
  const cases: [unknown, RegExp][] = [
    [undefined, /found nothing as "members", need a list/],
    [{}, /found {} as "members", need a list/],
    [[null], /found null as "members\[0\]", need an object/],
    [[[]], /found nothing as "members\[0\]\.epoch", need it/],
    [[{ ...member, extra: 1 }], /found "members\[0\]\.extra", need nothing of that name/],
    [[member, { ...member, epoch: 1.5 }], /found 1.5 as "members\[1\].epoch", need a whole number/],
    [[{ ...member, epoch: "1" }], /found "1" as "members\[0\].epoch"/],
    [
      [{ ...member, validationAccuracy: 1.01 }],
      /found 1.01 as .*validationAccuracy", need a number/,
    ],
    [[{ ...member, validationAccuracy: undefined }], /found nothing as .*validationAccuracy"/],
    [[{ ...member, layers: [] }], /found \[\] as "members\[0\].layers", need at least one layer/],
    [[{ ...member, layers: "x".repeat(9999) }], /found "x{57}\.\.\." as "members\[0\].layers"/],
    [
      [{ ...member, layers: [{ kind: "conv", shape: [1, 1] }] }],
      /found "conv" .* need "sparse" or/,
    ],
    [
      [{ ...member, layers: [{ kind: "dense", shape: [1] }] }],
      /found nothing as .*shape\[1\]", need a whole/,
    ],
    [
      [{ ...member, layers: [{ kind: "dense", shape: [0, 1] }] }],
      /found 0 as .* from 1 to 2147483647/,
    ],
    [[{ ...member, layers: [{ kind: "dense", shape: [2 ** 31, 1] }] }], /found 2147483648 as /],
    [[{ ...member, layers: [{ kind: "dense", shape: [1, 1, 1] }] }], /found ".*shape\[2\]"/],
    [
      [{ ...member, layers: [{ kind: "sparse", shape: [1, 1], activation: "tanh" }] }],
      /found "tanh" as .*activation", need "sine"/,
    ],
    [
      [{ ...member, layers: [{ kind: "dense", shape: [1, 1], activation: "sine" }] }],
      /as "members\[0\]\.layers\[0\]", need no activation in a dense layer/,
    ],
    [[{ ...member, validationLoss: -1 }], /found -1 as .*validationLoss", need a finite number/],
  ];
  for (const [value, message] of cases) {
    assert.throws(
      () => membersFromTensors(new Map(), value, "model"),
      (error) => error instanceof SyntaxError && message.test(error.message),
      String(message),
    );
  }
});

/** Whether python3 is there, with what a SciPy user has. */
const python = (() => {
  try {
    const args = ["-c", "import safetensors.numpy, scipy.sparse"];
    return new Deno.Command("python3", { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
})();

Deno.test({
  name: "membersToTensors writes what Python opens with safetensors and csr_matrix (needs python3)",
  ignore: !python,
  fn() {
    const path = `${Deno.makeTempDirSync()}/model.safetensors`;
    const tensors = membersToTensors(exampleMembers());
    tensors.set("counts", { dtype: "I64", shape: [1], data: BigInt64Array.of(2n ** 60n) });
    tensors.set("flags", { dtype: "U8", shape: [3, 1], data: Uint8Array.of(1, 2, 3) });
    const metadata = { format: "sparsemble", text: 'é "quoted"\n' };
    Deno.writeFileSync(path, Buffer.concat(encodeSafetensors(tensors, metadata)));
    const { success, stdout, stderr } = new Deno.Command("python3", {
      args: [`${fixtures}open_members.py`, path],
    }).outputSync();
    assert.ok(success, new TextDecoder().decode(stderr));
    const opened = JSON.parse(new TextDecoder().decode(stdout));
    assert.deepEqual(opened.metadata, metadata);
    assert.deepEqual(opened.dense, [[0.5, 0, -1], [0, 2, 0]]);
    assert.equal(opened.canonical, true);
    const dtypes = { F32: "float32", I32: "int32", I64: "int64", U8: "uint8" };
    assert.equal(Object.keys(opened.values).length, tensors.size);
    for (const [name, { dtype, shape, data }] of tensors) {
      assert.equal(opened.dtypes[name], dtypes[dtype as keyof typeof dtypes], name);
      assert.deepEqual(opened.shapes[name], [...shape], name);
      const values = [...data].map((value) => typeof value === "bigint" ? value : Number(value));
      assert.deepEqual(opened.values[name].map(Number), values.map(Number), name);
    }
    assert.equal(opened.values.counts[0], String(2n ** 60n));
  },
});
