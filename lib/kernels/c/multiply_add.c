// Of the WebAssembly alone: what stands in for the multiply-add of relaxed SIMD where a runtime has none.
// Each of those instructions takes three bytes, and so does a call of this function.

typedef float quad __attribute__((vector_size(16)));

__attribute__((visibility("default"), noinline)) quad multiply_add(quad a, quad b, quad c) {
  return a * b + c;
}
