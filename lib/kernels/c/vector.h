// Vectors of floats, as wide as the processor has them.

#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

#if defined(__AVX2__)
#include <immintrin.h>
#endif

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
// Written out: a compiler must not leave out the addition in `(vec){} + x`, which loses the sign of −0.
#if VECTOR_BYTES == 64
INLINE vec splat(float x) { return (vec){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
#elif VECTOR_BYTES == 32
INLINE vec splat(float x) { return (vec){x, x, x, x, x, x, x, x}; }
#else
INLINE vec splat(float x) { return (vec){x, x, x, x}; }
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
INLINE quad quad_sums(quad a, quad b, quad c, quad d) {
  quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
  quad cd = __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

INLINE quad sums(vec a, vec b, vec c, vec d) {
  return quad_sums(fold(a), fold(b), fold(c), fold(d));
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

// Two vectors to one in which neighbouring lanes, pairs of lanes, or parts of four lanes are added up.
#if VECTOR_BYTES == 64
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
INLINE vec add_lanes(vec a, vec b) {
  return SHUFFLE(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29) +
         SHUFFLE(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
}
INLINE vec add_pairs(vec a, vec b) {
  return SHUFFLE(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) +
         SHUFFLE(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
}
INLINE vec add_parts(vec a, vec b) {
  return SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
         SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}
#elif VECTOR_BYTES == 32
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
INLINE vec add_lanes(vec a, vec b) {
  return SHUFFLE(a, b, 0, 8, 1, 9, 4, 12, 5, 13) + SHUFFLE(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
}
INLINE vec add_pairs(vec a, vec b) {
  return SHUFFLE(a, b, 0, 1, 8, 9, 4, 5, 12, 13) + SHUFFLE(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
}
INLINE vec add_parts(vec a, vec b) {
  return SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
}
#endif

INLINE float sum(vec a) {
  quad q = fold(a);
  return (q[0] + q[1]) + (q[2] + q[3]);
}
