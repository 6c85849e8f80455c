// The yardstick of the benchmarks: the arithmetic and traffic of sparse_forward with `per_row` weights
// a row, but without an index: its input rows are taken in order, or at random where `scattered`.
// Whole panels only.

INLINE void stream_panels(const int scattered, int rows, int per_row, int columns, int stride,
                          const float *w, const float *x, float *out) {
  for (int b = 0; b + PANEL <= stride; b += PANEL) {
    const float *xp = x + (ptrdiff_t)b * columns;
    float *op = out + (ptrdiff_t)b * rows;
    uint32_t state = 1;
    int i = 0;
    for (int j = 0; j < rows; j++) {
      vec acc[WHOLE];
      UNROLL for (int t = 0; t < WHOLE; t++) acc[t] = splat(0);
      for (int k = 0; k < per_row; k++) {
        const float *xr = xp + (ptrdiff_t)i * PANEL;
        if (scattered) {
          state = state * 1664525u + 1013904223u;
          i = (int)((uint64_t)state * (uint32_t)columns >> 32);
        } else if (++i == columns) i = 0;
        vec wk = splat(w[k]);
        UNROLL for (int t = 0; t < WHOLE; t++) acc[t] = fma_(wk, load(xr + t * LANES), acc[t]);
      }
      UNROLL for (int t = 0; t < WHOLE; t++) store(op + (ptrdiff_t)j * PANEL + t * LANES, acc[t]);
    }
  }
}

EXPORT void stream(int rows, int per_row, int columns, int scattered, int stride, const float *w,
                   const float *x, float *out) {
  if (scattered) stream_panels(1, rows, per_row, columns, stride, w, x, out);
  else stream_panels(0, rows, per_row, columns, stride, w, x, out);
}
