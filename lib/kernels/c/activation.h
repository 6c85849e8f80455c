// What happens to a pre-activation on its way to memory. `slope` is the factor of negative values
// (1: the identity). With `factor`, d output / d z is kept for the way back.

typedef struct {
  float slope, scale;
  uint32_t threshold, key;
} Activation;

INLINE void activate(vec z, Activation f, uint32_t row_key, int column, float *out, float *factor) {
  vec slope = choose((mask)(z < 0.0f), splat(f.slope * f.scale), splat(f.scale));
  if (f.threshold) slope = choose(dropped(row_key, column, f.threshold), splat(0), slope);
  store(out, z * slope);
  if (factor) store(factor, slope);
}
