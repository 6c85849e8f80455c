// The block sparse layer forward and backward. G neighbouring output neurons share their inputs: one
// index serves G weights, which lie beside each other, and a row of activations that was fetched once
// is used G times. Ranges of output neurons are counted in block rows, of G neurons each.

// Sums are kept in registers, beside what is multiplied: those of so many rows of a block by so many of a
// panel's T vectors. Where registers are few, what a row of activations is loaded for is weighed against
// what a weight is loaded for, and measured: with vectors of 32 bytes, so few rows that all vectors of a
// panel find room; with those of 16 bytes, four rows. What is scattered is loaded and stored besides,
// so that four rows pay there, and more sums than registers.
#define AT_MOST(most, G) ((G) < (most) ? (G) : (most))
#if VECTOR_BYTES == 64 || defined(__aarch64__)
enum { FORWARD_SUMS = 16, BACKWARD_SUMS = 16 };
#define FORWARD_ROWS(G, T) AT_MOST(8, G)
#define BACKWARD_ROWS(G) AT_MOST(8, G)
#elif VECTOR_BYTES == 32
enum { FORWARD_SUMS = 8, BACKWARD_SUMS = 8 };
#define FORWARD_ROWS(G, T) AT_MOST(FORWARD_SUMS / (T), G)
#define BACKWARD_ROWS(G) AT_MOST(4, G)
#else
enum { FORWARD_SUMS = 8, BACKWARD_SUMS = 16 };
#define FORWARD_ROWS(G, T) AT_MOST(4, G)
#define BACKWARD_ROWS(G) AT_MOST(4, G)
#endif
#define STRIP(sums, rows, T) ((T) * (rows) <= (sums) ? (T) : (sums) / (rows))

// The row of activations that is needed so many blocks later is fetched: where a layer is larger than
// the caches, its rows come in time. Where it is not, narrower vectors and smaller blocks, which have less
// arithmetic for every fetch, would lose by it.
enum { AHEAD = 8 };
#if VECTOR_BYTES == 64
#define FETCHES(G) ((G) >= 8)
#else
#define FETCHES(G) 0
#endif

// Fetches a row's floats, a cache line of 16 at a time.
INLINE void fetch(const int floats, const float *x) {
  UNROLL for (int i = 0; i < floats; i += 16) __builtin_prefetch(x + i);
}

// Runs a statement with the constant G for the size of the blocks.
#define FOR_BLOCK_SIZE(size, ...)                                                                 \
  switch (size) {                                                                                 \
    case 2: { enum { G = 2 }; __VA_ARGS__ } break;                                                \
    case 4: { enum { G = 4 }; __VA_ARGS__ } break;                                                \
    case 8: { enum { G = 8 }; __VA_ARGS__ } break;                                                \
    case 16: { enum { G = 16 }; __VA_ARGS__ } break;                                              \
    default: break;                                                                               \
  }

// The r-th of a block's weights in every lane. WebAssembly takes four from one load: Deno compares the
// address of each load with the memory's end.
INLINE vec weight(const int R, const float *w, int r) {
#if defined(__wasm__)
  if (R >= 4) return splat(load(w + r / 4 * 4)[r % 4]);
#else
  (void)R;
#endif
  return splat(w[r]);
}

// acc[r] += Σ_k w[k][r] x[indices[k]] for R rows of a block and S of the T vectors of a panel's row
INLINE void add_blocks(const int G, const int R, const int S, const int T, int from, int to,
                       const int32_t *indices, const float *w, const float *x, vec *acc) {
  for (int k = from; k < to; k++) {
    const float *xr = x + (ptrdiff_t)(uint32_t)indices[k] * (T * LANES);
    const float *wk = w + (ptrdiff_t)k * G;
    if (FETCHES(G))
      fetch(S * LANES, x + (ptrdiff_t)(uint32_t)indices[k + AHEAD < to ? k + AHEAD : k] * (T * LANES));
    vec row[FORWARD_SUMS];
    UNROLL for (int s = 0; s < S; s++) row[s] = load(xr + s * LANES);
    UNROLL for (int r = 0; r < R; r++) {
      const vec wr = weight(R, wk, r);
      UNROLL for (int s = 0; s < S; s++) acc[r * S + s] = fma_(wr, row[s], acc[r * S + s]);
    }
  }
}

// One block row of one panel; x, out and factor are the panel's.
INLINE void block_forward_row(const int G, const int T, int j, int b, const int32_t *indptr,
                              const int32_t *indices, const float *w, const float *x,
                              const float *bias, Activation f, float *out, float *factor) {
  const int R = FORWARD_ROWS(G, T), S = STRIP(FORWARD_SUMS, R, T);
  for (int first = 0; first < G; first += R) {
    const int row = j * G + first;
    for (int t = 0; t < T; t += S) {
      vec acc[FORWARD_SUMS];
      UNROLL for (int r = 0; r < R; r++)
          UNROLL for (int s = 0; s < S; s++) acc[r * S + s] = splat(bias[row + r]);
      add_blocks(G, R, S, T, indptr[j], indptr[j + 1], indices, w + first, x + t * LANES, acc);
      UNROLL for (int r = 0; r < R; r++) {
        const uint32_t key = f.threshold ? hash(f.key + (uint32_t)(row + r) * 0x9e3779b9u) : 0;
        const ptrdiff_t o = (ptrdiff_t)(row + r) * (T * LANES) + t * LANES;
        UNROLL for (int s = 0; s < S; s++)
            activate(acc[r * S + s], f, key, b + (t + s) * LANES, out + o + s * LANES,
                     factor ? factor + o + s * LANES : 0);
      }
    }
  }
}

// What block_forward is called with, but for the size of the blocks
typedef struct {
  int from, to, rows, columns, stride;
  const int32_t *indptr, *indices;
  const float *w, *bias, *x;
  float *out, *factor;
  Activation f;
} BlockForward;

// A function for each size of blocks. Where one had the loops of all sizes, compilers ran out of registers
// in some of them, which halved their speed.
#define BLOCK_FORWARD(G)                                                                          \
  static __attribute__((noinline)) void block_forward_##G(BlockForward l) {                       \
    FOR_PANELS(l.stride, {                                                                        \
      const float *x = l.x + (ptrdiff_t)b * l.columns;                                            \
      const ptrdiff_t o = (ptrdiff_t)b * l.rows;                                                  \
      float *out = l.out + o, *factor = l.factor ? l.factor + o : 0;                              \
      for (int j = l.from; j < l.to; j++)                                                         \
        block_forward_row(G, T, j, b, l.indptr, l.indices, l.w, x, l.bias, l.f, out, factor);     \
    })                                                                                            \
  }
BLOCK_FORWARD(2)
BLOCK_FORWARD(4)
BLOCK_FORWARD(8)
BLOCK_FORWARD(16)

// out[j] = activation(bias[j] + Σ_k w[k][j mod G] x[indices[k]]), block rows [from, to)
EXPORT void block_forward(int from, int to, int size, int rows, int columns, int stride,
                          const int32_t *indptr, const int32_t *indices, const float *w,
                          const float *bias, const float *x, float *out, float *factor, float slope,
                          uint32_t threshold, uint32_t key) {
  const Activation f = {slope, threshold ? 65536.0f / (65536.0f - (float)threshold) : 1.0f, threshold, key};
  const BlockForward l = {from, to, rows, columns, stride, indptr, indices, w, bias, x, out, factor, f};
  switch (size) {
    case 2: block_forward_2(l); break;
    case 4: block_forward_4(l); break;
    case 8: block_forward_8(l); break;
    case 16: block_forward_16(l); break;
    default: break;
  }
}

// dx[indices[k]] += Σ_r w[k][r] dz[r] for the blocks of one row: its part of dz stays in registers.
INLINE void scatter_blocks(const int G, const int T, int j, const int32_t *indptr,
                           const int32_t *indices, const float *w, const float *dz, float *dx) {
  const int R = BACKWARD_ROWS(G), S = STRIP(BACKWARD_SUMS, R, T), end = indptr[j + 1];
  for (int first = 0; first < G; first += R)
    for (int t = 0; t < T; t += S) {
      vec d[BACKWARD_SUMS];
      const float *dr = dz + (ptrdiff_t)(j * G + first) * (T * LANES) + t * LANES;
      UNROLL for (int r = 0; r < R; r++)
          UNROLL for (int s = 0; s < S; s++) d[r * S + s] = load(dr + (r * T + s) * LANES);
      for (int k = indptr[j]; k < end; k++) {
        float *xr = dx + (ptrdiff_t)(uint32_t)indices[k] * (T * LANES) + t * LANES;
        const float *wk = w + (ptrdiff_t)k * G + first;
        if (FETCHES(G)) {
          const ptrdiff_t next = (uint32_t)indices[k + AHEAD < end ? k + AHEAD : k];
          fetch(S * LANES, dx + next * (T * LANES) + t * LANES);
        }
        // Two sums, so that no addition waits for all of those before it
        vec even[BACKWARD_SUMS], odd[BACKWARD_SUMS];
        UNROLL for (int s = 0; s < S; s++) even[s] = load(xr + s * LANES), odd[s] = splat(0);
        UNROLL for (int r = 0; r < R; r += 2) {
          const vec we = weight(R, wk, r), wo = weight(R, wk, r + 1);
          UNROLL for (int s = 0; s < S; s++) {
            even[s] = fma_(we, d[r * S + s], even[s]);
            odd[s] = fma_(wo, d[(r + 1) * S + s], odd[s]);
          }
        }
        UNROLL for (int s = 0; s < S; s++) store(xr + s * LANES, even[s] + odd[s]);
      }
    }
}

// dx[i] = factor[i] ⊙ Σ w[k][r] dz[j G + r] over the blocks k of input i. They are scattered as they
// are stored, so that no transpose index is needed: [from, to) are panels of samples, not rows of dx.
EXPORT void block_backward(int from, int to, int size, int rows, int columns, int stride,
                           const int32_t *indptr, const int32_t *indices, const float *w,
                           const float *dz, const float *factor, float *dx) {
  const int blocks = rows / size;
  const int end = to * PANEL < stride ? to * PANEL : stride;
  dz += (ptrdiff_t)from * PANEL * rows;
  dx += (ptrdiff_t)from * PANEL * columns;
  if (factor) factor += (ptrdiff_t)from * PANEL * columns;
  FOR_PANELS(end - from * PANEL, {
    const float *dp = dz + (ptrdiff_t)b * rows;
    const float *fp = factor ? factor + (ptrdiff_t)b * columns : 0;
    float *xp = dx + (ptrdiff_t)b * columns;
    const ptrdiff_t length = (ptrdiff_t)columns * (T * LANES);
    for (ptrdiff_t o = 0; o < length; o += LANES) store(xp + o, splat(0));
    FOR_BLOCK_SIZE(size, {
      for (int j = 0; j < blocks; j++) scatter_blocks(G, T, j, indptr, indices, w, dp, xp);
    })
    if (fp)
      for (ptrdiff_t o = 0; o < length; o += LANES) store(xp + o, load(xp + o) * load(fp + o));
  })
}
