// Softmax and cross-entropy.

// eˣ for x ≤ 0 (Cephes' polynomial after taking out powers of two), relative error below 2e-7.
INLINE float exponential(float x) {
  if (x != x) return x;
  if (x < -87.0f) return 0;
  float n = x * 1.44269504088896341f;
  int whole = (int)(n - 0.5f);
  float r = x - (float)whole * 0.693359375f;
  r = r + (float)whole * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  union {
    uint32_t u;
    float f;
  } power = {(uint32_t)(whole + 127) << 23};
  return p * power.f;
}

// Natural logarithm of a normal positive number, through atanh of (m − 1) / (m + 1).
INLINE double logarithm(double x) {
  if (!(x > 0) || x > 1e300) return x;
  union {
    double d;
    uint64_t u;
  } split = {x};
  int power = (int)(split.u >> 52) - 1023;
  split.u = (split.u & 0x000fffffffffffffull) | 0x3ff0000000000000ull;
  double m = split.d;
  if (m > 1.4142135623730951) {
    m *= 0.5;
    power++;
  }
  double f = (m - 1) / (m + 1), s = f * f, series = 0;
  for (int n = 21; n >= 1; n -= 2) series = series * s + 1.0 / n;
  return 2 * f * series + power * 0.6931471805599453;
}

// One sample's softmax over the classes; returns log Σ eᶻ and the index of the largest logit
INLINE double softmax_sample(int classes, ptrdiff_t stride, const float *z, float *p, int *largest) {
  float top = z[0];
  *largest = 0;
  for (int c = 1; c < classes; c++)
    if (z[c * stride] > top) {
      top = z[c * stride];
      *largest = c;
    }
  double total = 0;
  for (int c = 0; c < classes; c++) {
    float e = exponential(z[c * stride] - top);
    p[c * stride] = e;
    total += e;
  }
  float share = (float)(1.0 / total);
  for (int c = 0; c < classes; c++) p[c * stride] *= share;
  return (double)top + logarithm(total);
}

// The panel of sample b: its first sample and its width
#define PANEL_OF(b) const int start = (b) & ~(PANEL - 1)
#define WIDTH (stride - start < PANEL ? stride - start : PANEL)

// p = softmax(z), sample by sample
EXPORT void softmax(int classes, int batch, int stride, const float *z, float *p) {
  int largest;
  for (int b = 0; b < batch; b++) {
    PANEL_OF(b);
    ptrdiff_t o = (ptrdiff_t)start * classes + (b - start);
    softmax_sample(classes, WIDTH, z + o, p + o, &largest);
  }
}

// dz = softmax(z) − y, zero in the padding; result[0] += summed loss, result[1] += correct samples.
// y is 1 − smoothing for the label, plus smoothing / classes for every class. With weights, every
// sample's loss and gradient are multiplied by its weight.
EXPORT void softmax_cross_entropy(int classes, int batch, int stride, const float *z,
                                  const int32_t *labels, float smoothing, float *dz,
                                  double *result, const float *weights) {
  double loss = 0;
  int correct = 0, largest;
  float each = smoothing / (float)classes;
  for (int b = 0; b < stride; b++) {
    PANEL_OF(b);
    const ptrdiff_t width = WIDTH, o = (ptrdiff_t)start * classes + (b - start);
    const float *zb = z + o;
    float *db = dz + o;
    if (b >= batch) {
      for (int c = 0; c < classes; c++) db[c * width] = 0;
      continue;
    }
    double log_total = softmax_sample(classes, width, zb, db, &largest);
    int label = labels[b];
    correct += largest == label;
    double likely = (1 - smoothing) * zb[label * width];
    if (smoothing != 0)
      for (int c = 0; c < classes; c++) {
        likely += each * zb[c * width];
        db[c * width] -= each;
      }
    db[label * width] -= 1 - smoothing;
    if (!weights) {
      loss += log_total - likely;
      continue;
    }
    for (int c = 0; c < classes; c++) db[c * width] *= weights[b];
    loss += weights[b] * (log_total - likely);
  }
  result[0] += loss;
  result[1] += correct;
}
