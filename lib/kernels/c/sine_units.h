// Sine units.

// Both sine and cosine (Cephes' polynomials on ±π/4 after taking out quarter turns), absolute error
// below 2e-7 for |z| up to 8192. Beyond 2²² quarter turns a float no longer tells the angle: the
// values mean nothing there, but stay within ±2.
INLINE void sine_and_cosine(vec z, vec *sine, vec *cosine) {
  // Adding 1.5 × 2²³ rounds to a whole number, and leaves it in the lowest bits.
  const float whole = 12582912.0f;
  vec shifted = z * 0.636619772367581343f + whole;
  bits quarter = (bits)shifted;
  vec turns = shifted - whole;
  vec r = z - turns * 1.5703125f;
  r = r - turns * 4.837512969970703125e-4f;
  r = r - turns * 7.54978995489188216e-8f;
  r = choose((mask)(r > 1.0f), splat(1), r);
  r = choose((mask)(r < -1.0f), splat(-1), r);
  vec s = r * r;
  vec p = s * -1.9515295891e-4f + 8.3321608736e-3f;
  p = p * s + -1.6666654611e-1f;
  p = p * s * r + r;
  vec q = s * 2.443315711809948e-5f + -1.388731625493765e-3f;
  q = q * s + 4.166664568298827e-2f;
  q = q * s * s + (1.0f - 0.5f * s);
  mask odd = (mask)-(quarter & 1u);
  bits sine_sign = (quarter & 2u) << 30, cosine_sign = ((quarter + 1u) & 2u) << 30;
  *sine = (vec)((bits)choose(odd, q, p) ^ sine_sign);
  *cosine = (vec)((bits)choose(odd, p, q) ^ cosine_sign);
}

// z ← sin z in place, rows j of the layer; with `factor`, the derivative cos z is kept
EXPORT void sine(int from, int to, int rows, int stride, float *z, float *factor) {
  FOR_PANELS(stride, {
    for (int j = from; j < to; j++) {
      ptrdiff_t o = (ptrdiff_t)b * rows + (ptrdiff_t)j * (T * LANES);
      UNROLL for (int t = 0; t < T; t++) {
        vec s, c;
        sine_and_cosine(load(z + o + t * LANES), &s, &c);
        store(z + o + t * LANES, s);
        if (factor) store(factor + o + t * LANES, c);
      }
    }
  })
}
