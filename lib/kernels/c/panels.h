// The panels of samples in which activations are stored.

// Samples per panel, and vectors per whole and per half panel.
enum { PANEL = 32, WHOLE = PANEL / LANES, HALF = WHOLE / 2 };

// Runs a statement for every panel: b is its first sample, T its width in vectors.
#define FOR_PANELS(stride, ...)                                                                   \
  {                                                                                               \
    int b = 0;                                                                                    \
    for (; b + PANEL <= stride; b += PANEL) { enum { T = WHOLE }; __VA_ARGS__ }                   \
    if (b < stride) { enum { T = HALF }; __VA_ARGS__ }                                            \
  }
