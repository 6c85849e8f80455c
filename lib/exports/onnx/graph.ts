/**
 * Builds a graph of ONNX operators, and its file. Field numbers are those of `onnx.proto`,
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 *
 * @module
 */
import {
  bytesField,
  floatField,
  integerField,
  type Message,
  messageBytes,
  messageField,
  packedIntegersField,
  textField,
} from "./protobuf.ts";

/** The operator sets of the graphs. onnxruntime has them since version 1.12 (2022). */
const [OPSET, ML_OPSET, IR_VERSION] = [17, 3, 8];

/** Element types, as `TensorProto.DataType` numbers them. */
export const TYPES = { float: 1, int32: 6, int64: 7, string: 8, bool: 9, double: 11 } as const;

/** The name of an element type. */
export type ElementType = keyof typeof TYPES;

/** A constant of a graph. */
export interface Constant {
  /** The elements: 32-bit floats, 64-bit floats, 32-bit or 64-bit integers, or texts. */
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | readonly string[];
  /** The lengths of its axes. */
  readonly shape: readonly number[];
}

/** The value of an attribute. A `bigint` is an integer, a `number` a float. */
export type Attribute = bigint | number | string | readonly bigint[] | readonly string[];

/** An input or output of a graph. */
export interface Port {
  /** Its name. */
  readonly name: string;
  /** The type of its elements. */
  readonly type: ElementType;
  /** The lengths of its axes. A text names a variable length. */
  readonly shape: readonly (number | string)[];
  /** A sentence for people. */
  readonly description: string;
}

/** A graph that grows by one operator at a time. Values are known by their names. */
export interface Graph {
  /**
   * Adds an operator with one output.
   *
   * @param operator Its name. Names of the domain `ai.onnx.ml` include the domain, as in
   * `ai.onnx.ml.LabelEncoder`.
   * @param inputs The names of its inputs.
   * @param output The name of its output. Left out: a new number.
   * @returns The name of its output.
   */
  add(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    output?: string,
  ): string;
  /** Adds a constant. Equal small ones are kept once. Returns its name. */
  constant(constant: Constant, name?: string): string;
  /** The operators so far. */
  readonly operators: number;
  /**
   * The bytes of a file with the graph.
   *
   * @throws {RangeError} If there are more bytes than an ONNX file can have.
   */
  file(ports: {
    readonly name: string;
    readonly description: string;
    readonly inputs: readonly Port[];
    readonly outputs: readonly Port[];
    readonly metadata: Readonly<Record<string, string>>;
  }): Uint8Array<ArrayBuffer>;
}

/** Equal constants of up to this many elements are stored once. */
const SMALL = 64;

/** The largest number of bytes of a message: 2 GB. */
const MOST_BYTES = 2 ** 31 - 1;

/** Begins a graph. Its `file` throws a `RangeError` if the file would be larger than 2 GB. */
export function newGraph(): Graph {
  const nodes: Message[] = [];
  const constants: Message[] = [];
  const known = new Map<string, string>();
  let count = 0;
  return {
    get operators() {
      return nodes.length;
    },
    add(operator, inputs, attributes = {}, output = `v${++count}`) {
      const [, domain = "", type] = /^(?:(.+)\.)?(\w+)$/.exec(operator)!;
      nodes.push(messageField(1, [
        ...inputs.flatMap((input) => textField(1, input)),
        ...textField(2, output),
        ...textField(3, `${type} ${output}`),
        ...textField(4, type),
        ...Object.entries(attributes).flatMap(([name, value]) =>
          messageField(5, attribute(name, value))
        ),
        ...(domain === "" ? [] : textField(7, domain)),
      ]));
      return output;
    },
    constant(constant, name) {
      const { data, shape } = constant;
      const key = name === undefined && data.length <= SMALL
        ? `${data.constructor.name} ${shape} ${
          JSON.stringify(Array.from<unknown>(data).map(shown))
        }`
        : undefined;
      const before = key === undefined ? undefined : known.get(key);
      if (before !== undefined) return before;
      const own = name ?? `c${++count}`;
      if (key !== undefined) known.set(key, own);
      constants.push(messageField(5, tensor(constant, own)));
      return own;
    },
    file({ name, description, inputs, outputs, metadata }) {
      const graph = [
        ...nodes.flat(),
        ...textField(2, name),
        ...constants.flat(),
        ...inputs.flatMap((input) => messageField(11, port(input))),
        ...outputs.flatMap((output) => messageField(12, port(output))),
      ];
      const message = [
        ...integerField(1, IR_VERSION),
        ...textField(2, "sparsemble"),
        ...textField(6, description),
        ...messageField(7, graph),
        ...messageField(8, [...textField(1, ""), ...integerField(2, OPSET)]),
        ...messageField(8, [...textField(1, "ai.onnx.ml"), ...integerField(2, ML_OPSET)]),
        ...Object.entries(metadata).flatMap(([key, value]) =>
          messageField(14, [...textField(1, key), ...textField(2, value)])
        ),
      ];
      const bytes = message.reduce((sum, part) => sum + part.length, 0);
      if (bytes > MOST_BYTES) {
        throw new RangeError(
          `Cannot export the model to ONNX: found ${bytes} bytes, need at most ${MOST_BYTES}, which is ` +
            "the most that a message of Protocol Buffers has; fewer members have fewer",
        );
      }
      return messageBytes(message);
    },
  };
}

/** The text of an element in a key. Values that JSON cannot write as numbers stay distinct too. */
function shown(value: unknown): unknown {
  return typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value)) ||
      Object.is(value, -0)
    ? (Object.is(value, -0) ? "-0" : String(value))
    : value;
}

function tensor({ data, shape }: Constant, name: string): Message {
  const head = [...packedIntegersField(1, shape), ...integerField(2, TYPES[typeOf(data)])];
  const elements = isTexts(data)
    ? data.flatMap((text) => textField(6, text))
    : bytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return [...head, ...textField(8, name), ...elements];
}

function typeOf(data: Constant["data"]): ElementType {
  if (data instanceof Float32Array) return "float";
  if (data instanceof Float64Array) return "double";
  if (data instanceof Int32Array) return "int32";
  return data instanceof BigInt64Array ? "int64" : "string";
}

function isTexts(data: Constant["data"]): data is readonly string[] {
  return Array.isArray(data);
}

/** Attribute kinds, as `AttributeProto.AttributeType` numbers them. */
const KINDS = { float: 1, integer: 2, text: 3, integers: 7, texts: 8 } as const;

function attribute(name: string, value: Attribute): Message {
  const of = (kind: keyof typeof KINDS, content: Message) => [
    ...textField(1, name),
    ...content,
    ...integerField(20, KINDS[kind]),
  ];
  if (typeof value === "bigint") return of("integer", integerField(3, value));
  if (typeof value === "number") return of("float", floatField(2, value));
  if (typeof value === "string") return of("text", textField(4, value));
  return typeof value[0] === "string"
    ? of("texts", value.flatMap((text) => textField(9, text as string)))
    : of("integers", value.flatMap((integer) => integerField(8, integer as bigint)));
}

function port({ name, type, shape, description }: Port): Message {
  const lengths = shape.flatMap((length) =>
    messageField(1, typeof length === "string" ? textField(2, length) : integerField(1, length))
  );
  const kind = messageField(1, [...integerField(1, TYPES[type]), ...messageField(2, lengths)]);
  return [...textField(1, name), ...messageField(2, kind), ...textField(3, description)];
}
