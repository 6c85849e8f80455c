// Dense layer: one register-blocked product for all three directions,
// c(m, n) = Σ_k a[m ar + k ak] b[k bs + n], a block of BLOCK rows by WIDE vectors at a time.

#if VECTOR_BYTES == 64
enum { BLOCK = 12, WIDE = 2 };
#elif VECTOR_BYTES == 32
enum { BLOCK = 6, WIDE = 2 };
#else
enum { BLOCK = 4, WIDE = 2 };
#endif

INLINE void product_block(const int R, const int T, int depth, const float *a, ptrdiff_t ar,
                          ptrdiff_t ak, const float *b, ptrdiff_t bs, vec acc[BLOCK][WIDE]) {
  for (int k = 0; k < depth; k++) {
    const float *br = b + k * bs, *ac = a + k * ak;
    vec x[WIDE];
    UNROLL for (int t = 0; t < T; t++) x[t] = load(br + t * LANES);
    UNROLL for (int r = 0; r < R; r++) {
      vec ark = splat(ac[r * ar]);
      UNROLL for (int t = 0; t < T; t++) acc[r][t] = fma_(ark, x[t], acc[r][t]);
    }
  }
}

// Runs a statement with constants R and T, row m and column n, for every block of rows × width.
#define FOR_BLOCKS(from, to, width, ...)                                                          \
  {                                                                                               \
    int n = 0;                                                                                    \
    for (; n + WIDE * LANES <= width; n += WIDE * LANES) {                                        \
      enum { T = WIDE };                                                                          \
      int m = from;                                                                               \
      for (; m + BLOCK <= to; m += BLOCK) { enum { R = BLOCK }; __VA_ARGS__ }                     \
      for (; m < to; m++) { enum { R = 1 }; __VA_ARGS__ }                                         \
    }                                                                                             \
    for (; n < width; n += LANES) {                                                               \
      enum { T = 1 };                                                                             \
      int m = from;                                                                               \
      for (; m + BLOCK <= to; m += BLOCK) { enum { R = BLOCK }; __VA_ARGS__ }                     \
      for (; m < to; m++) { enum { R = 1 }; __VA_ARGS__ }                                         \
    }                                                                                             \
  }

// out[j] = activation(bias[j] + Σ_i w[j, i] x[i])
EXPORT void dense_forward(int from, int to, int rows, int columns, int stride, const float *w,
                          const float *bias, const float *x, float *out, float *factor, float slope,
                          uint32_t threshold, uint32_t key) {
  Activation f = {slope, threshold ? 65536.0f / (65536.0f - (float)threshold) : 1.0f, threshold, key};
  for (int start = 0; start < stride; start += PANEL) {
    const int width = WIDTH;
    const float *xp = x + (ptrdiff_t)start * columns;
    float *op = out + (ptrdiff_t)start * rows, *fp = factor ? factor + (ptrdiff_t)start * rows : 0;
    FOR_BLOCKS(from, to, width, {
      vec acc[BLOCK][WIDE];
      UNROLL for (int r = 0; r < R; r++)
          UNROLL for (int t = 0; t < T; t++) acc[r][t] = splat(bias[m + r]);
      product_block(R, T, columns, w + (ptrdiff_t)m * columns, columns, 1, xp + n, width, acc);
      UNROLL for (int r = 0; r < R; r++) {
        uint32_t row_key = threshold ? hash(key + (uint32_t)(m + r) * 0x9e3779b9u) : 0;
        ptrdiff_t o = (ptrdiff_t)(m + r) * width + n;
        UNROLL for (int t = 0; t < T; t++)
            activate(acc[r][t], f, row_key, start + n + t * LANES, op + o + t * LANES,
                     fp ? fp + o + t * LANES : 0);
      }
    })
  }
}

// dx[i] = factor[i] ⊙ Σ_j w[j, i] dz[j]
EXPORT void dense_backward(int from, int to, int rows, int columns, int stride, const float *w,
                           const float *dz, const float *factor, float *dx) {
  for (int start = 0; start < stride; start += PANEL) {
    const int width = WIDTH;
    const float *dp = dz + (ptrdiff_t)start * rows;
    const float *fp = factor ? factor + (ptrdiff_t)start * columns : 0;
    float *op = dx + (ptrdiff_t)start * columns;
    FOR_BLOCKS(from, to, width, {
      vec acc[BLOCK][WIDE];
      UNROLL for (int r = 0; r < R; r++) UNROLL for (int t = 0; t < T; t++) acc[r][t] = splat(0);
      product_block(R, T, rows, w + m, 1, columns, dp + n, width, acc);
      UNROLL for (int r = 0; r < R; r++) {
        ptrdiff_t o = (ptrdiff_t)(m + r) * width + n;
        UNROLL for (int t = 0; t < T; t++)
            store(op + o + t * LANES, fp ? acc[r][t] * load(fp + o + t * LANES) : acc[r][t]);
      }
    })
  }
}

// Writes x by samples: transposed (stride × pitch), zero from `columns` to `pitch`
EXPORT void transpose(int columns, int stride, int pitch, const float *x, float *transposed) {
  for (int start = 0; start < stride; start += PANEL) {
    const int width = WIDTH;
    const float *xp = x + (ptrdiff_t)start * columns;
    for (int i0 = 0; i0 < pitch; i0 += 16)
      for (int b = 0; b < width; b++)
        for (int i = i0; i < i0 + 16; i++)
          transposed[(ptrdiff_t)(start + b) * pitch + i] =
              i < columns ? xp[(ptrdiff_t)i * width + b] : 0;
  }
}

// The gradient of a dense layer's weights (rows × columns) and biases, averaged over the batch;
// `transposed` is the input by samples, its rows `pitch` floats long, pitch a multiple of 16
EXPORT void dense_gradient(int from, int to, int rows, int columns, int pitch, int stride,
                           float mean, const float *transposed, const float *dz, float *g,
                           float *gb) {
  for (int j = from; j < to; j++) {
    float total = 0;
    for (int start = 0; start < stride; start += PANEL)
      for (int b = 0; b < WIDTH; b += LANES)
        total += sum(load(dz + (ptrdiff_t)start * rows + (ptrdiff_t)j * WIDTH + b));
    gb[j] = total * mean;
  }
  FOR_BLOCKS(from, to, pitch, {
    vec acc[BLOCK][WIDE];
    UNROLL for (int r = 0; r < R; r++) UNROLL for (int t = 0; t < T; t++) acc[r][t] = splat(0);
    for (int start = 0; start < stride; start += PANEL)
      product_block(R, T, WIDTH, dz + (ptrdiff_t)start * rows + (ptrdiff_t)m * WIDTH, WIDTH, 1,
                    transposed + (ptrdiff_t)start * pitch + n, pitch, acc);
    UNROLL for (int r = 0; r < R; r++) UNROLL for (int t = 0; t < T; t++) {
      vec a = acc[r][t] * mean;
      float *o = g + (ptrdiff_t)(m + r) * columns;
      int c = n + t * LANES;
      if (c + LANES <= columns) store(o + c, a);
      else
        for (int l = 0; l < LANES; l++)
          if (c + l < columns) o[c + l] = a[l];
    }
  })
}
