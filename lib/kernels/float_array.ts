/**
 * The arrays of the kernels: 32-bit floats. The reference kernels can use 64-bit floats, whose digits
 * finite differences need.
 */
export type FloatArray = Float32Array | Float64Array;
