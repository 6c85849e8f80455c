// Vectors of floats, as wide as the processor has them.

#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX2__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

enum { LANES = VECTOR_BYTES / 4 };

typedef float vec __attribute__((vector_size(VECTOR_BYTES), aligned(4)));
typedef uint32_t bits __attribute__((vector_size(VECTOR_BYTES), aligned(4)));
typedef int32_t mask __attribute__((vector_size(VECTOR_BYTES), aligned(4)));
typedef float quad __attribute__((vector_size(16), aligned(4)));

#define INLINE static inline __attribute__((always_inline))
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

INLINE vec load(const float *p) { return *(const vec *)p; }
INLINE void store(float *p, vec v) { *(vec *)p = v; }
#if defined(__wasm__)
INLINE vec splat(float x) { return (vec){x, x, x, x}; }
#else
INLINE vec splat(float x) { return (vec){} + x; }
#endif

// a × b + c in one rounding where the processor can.
#if defined(__wasm__)
INLINE vec fma_(vec a, vec b, vec c) { return __builtin_wasm_relaxed_madd_f32x4(a, b, c); }
#else
INLINE vec fma_(vec a, vec b, vec c) { return a * b + c; }
#endif

// Each lane from `a` where `m` is set, else from `b`.
INLINE vec choose(mask m, vec a, vec b) { return (vec)(((bits)a & (bits)m) | ((bits)b & ~(bits)m)); }

// The sum over the lanes, narrowed to four lanes.
#if VECTOR_BYTES == 64
INLINE quad fold(vec v) {
  typedef float half __attribute__((vector_size(32)));
  half h = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
           __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  return __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
}
#elif VECTOR_BYTES == 32
INLINE quad fold(vec v) {
  return __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
}
#else
INLINE quad fold(vec v) { return v; }
#endif

// Lane t of the result is the sum over the lanes of the t-th argument.
INLINE quad sums(vec a, vec b, vec c, vec d) {
  quad qa = fold(a), qb = fold(b), qc = fold(c), qd = fold(d);
  quad ab = __builtin_shufflevector(qa, qb, 0, 4, 1, 5) + __builtin_shufflevector(qa, qb, 2, 6, 3, 7);
  quad cd = __builtin_shufflevector(qc, qd, 0, 4, 1, 5) + __builtin_shufflevector(qc, qd, 2, 6, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

#if VECTOR_BYTES >= 32
typedef float oct __attribute__((vector_size(32), aligned(4)));

INLINE oct narrow(vec v) {
#if VECTOR_BYTES == 64
  return __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
         __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#else
  return v;
#endif
}

// Lane t of the result is the sum over the lanes of v[t]: neighbours are added up in a tree, in steps
// that each halve the number of vectors.
INLINE oct eight_sums(const vec *v) {
  oct twos[4], fours[2];
  UNROLL for (int i = 0; i < 4; i++) {
    oct a = narrow(v[2 * i]), b = narrow(v[2 * i + 1]);
    twos[i] = __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13) +
              __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
  }
  UNROLL for (int i = 0; i < 2; i++) {
    oct a = twos[2 * i], b = twos[2 * i + 1];
    fours[i] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13) +
               __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  }
  return __builtin_shufflevector(fours[0], fours[1], 0, 1, 2, 3, 8, 9, 10, 11) +
         __builtin_shufflevector(fours[0], fours[1], 4, 5, 6, 7, 12, 13, 14, 15);
}
#endif

INLINE float sum(vec a) {
  quad q = fold(a);
  return (q[0] + q[1]) + (q[2] + q[3]);
}
