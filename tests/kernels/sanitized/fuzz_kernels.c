// The kernels under libFuzzer: `deno task native --fuzz MINUTES`. The input says which kernel, its sizes,
// its connections and the length of every array, each at times a little wrong. What passes the checks of
// check_arguments.ts, written down once more here, is run: the sanitizers end the program where it leaves
// its arrays, which are blocks of their own.

#include "../../../lib/kernels/c/kernels.c"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const uint8_t *input, *input_end;
static void *blocks[32];
static int block_count, refused;

// The next number of the input, from 0 to limit - 1; 0 after its end.
static int take(int limit) {
  int value = 0;
  for (int bytes = limit > 256 ? 2 : 1; bytes > 0; bytes--)
    value = value << 8 | (input < input_end ? *input++ : 0);
  return value % limit;
}

// Sometimes one less or a few more.
static int about(int size) {
  int odd = take(64);
  return odd == 1 ? size - 1 : odd == 2 ? size + 1 + take(40) : size;
}

// An array whose length need not be what the kernel needs; too short a one is refused.
static void *array(int needed, int width) {
  int length = about(needed);
  if (length < needed) refused = 1;
  if (length < 0) length = 0;
  return blocks[block_count++] = malloc((size_t)length * (size_t)width);
}

static float *floats(int needed) {
  static const float odd[] = {0, -0.0f, 1e-42f, 3e38f, -3e38f, INFINITY, -INFINITY, NAN};
  float *values = array(needed, 4);
  if (refused) return values;
  const int wild = take(4) == 0;
  uint32_t state = (uint32_t)take(65536);
  for (int i = 0; i < needed; i++) {
    state = state * 1664525u + 1013904223u;
    values[i] = wild && state >> 29 == 0 ? odd[(state >> 20) % 8] : (float)(int32_t)state * 1e-9f;
  }
  return values;
}

// Where every line's entries begin, and the entries: below `limit`, but for a few.
typedef struct {
  int count;
  int32_t *indptr, *indices;
} Lists;

static Lists lists(int lines, int limit, int from, int to) {
  Lists l = {0, array(lines + 1, 4), 0};
  if (refused) return l;
  for (int i = 0; i <= lines; i++) {
    l.indptr[i] = l.count;
    if (i < lines) l.count += take(4) == 0 ? take(40) : take(3);
  }
  const int corrupted = take(16) == 1;
  if (corrupted) l.indptr[take(lines + 1)] = take(65536) - 32768;
  l.indices = array(l.count, 4);
  if (refused) return l;
  for (int k = 0; k < l.count; k++) l.indices[k] = limit > 0 ? take(limit) : 0;
  if (corrupted && l.count > 0) l.indices[take(l.count)] = take(65536) - 32768;
  if (l.indptr[from] < 0 || l.indptr[to] > l.count) refused = 1;
  for (int i = from; i < to; i++) refused |= l.indptr[i] > l.indptr[i + 1];
  for (int k = refused ? 0 : l.indptr[from]; !refused && k < l.indptr[to]; k++)
    refused |= l.indices[k] < 0 || l.indices[k] >= limit;
  return l;
}

static void sparse_kernel(int kernel, int rows, int columns, int stride, int batch) {
  const int lines = kernel == 1 ? columns : rows;
  const int from = take(lines + 1), to = about(from + take(lines - from + 1));
  if (to < from || to > lines) return;
  Lists l = lists(lines, kernel == 1 ? rows : columns, from, to);
  if (refused) return;
  float *w = floats(l.count), *b = floats(rows), *x = floats(columns * stride);
  float *z = floats(rows * stride), *factor = take(2) ? floats((kernel ? columns : rows) * stride) : 0;
  float *g = floats(l.count), *gb = floats(rows), *v = floats(l.count), *vb = floats(rows);
  int32_t *entries = array(l.count, 4);
  if (refused) return;
  for (int k = 0; k < l.count; k++) entries[k] = (k * 7 + 3) % l.count;
  const float mean = 1.0f / (float)batch;
  if (kernel == 0)
    sparse_forward(from, to, rows, columns, stride, l.indptr, l.indices, w, b, x, z, factor, 0.5f,
                   (uint32_t)take(65536), (uint32_t)take(65536));
  else if (kernel == 1)
    sparse_backward(from, to, rows, columns, stride, l.indptr, l.indices, entries, w, v, z, factor, x);
  else if (kernel == 2)
    sparse_gradient(from, to, rows, columns, stride, mean, l.indptr, l.indices, x, z, g, gb);
  else
    sparse_gradient_sgd(from, to, rows, columns, stride, mean, l.indptr, l.indices, x, z, g, gb, w, v,
                        b, vb, 0.1f, 0.9f, 0.01f, 0.001f);
}

static void block_kernel(int kernel, int blocks, int columns, int stride, int batch) {
  const int size = 2 << take(4), rows = blocks * size;
  const int panels = (stride + PANEL - 1) / PANEL, lines = kernel == 1 ? panels : blocks;
  const int from = take(lines + 1), to = about(from + take(lines - from + 1));
  if (to < from || to > lines) return;
  // The backward pass reads every block row.
  Lists l = lists(blocks, columns, kernel == 1 ? 0 : from, kernel == 1 ? blocks : to);
  if (refused) return;
  const int count = l.count * size;
  float *w = floats(count), *b = floats(rows), *x = floats(columns * stride);
  float *z = floats(rows * stride), *factor = take(2) ? floats((kernel ? columns : rows) * stride) : 0;
  float *g = floats(count), *gb = floats(rows), *v = floats(count), *vb = floats(rows);
  if (refused) return;
  const float mean = 1.0f / (float)batch;
  if (kernel == 0)
    block_forward(from, to, size, rows, columns, stride, l.indptr, l.indices, w, b, x, z, factor, 0.5f,
                  (uint32_t)take(65536), (uint32_t)take(65536));
  else if (kernel == 1)
    block_backward(from, to, size, rows, columns, stride, l.indptr, l.indices, w, z, factor, x);
  else if (kernel == 2)
    block_gradient(from, to, size, rows, columns, stride, mean, l.indptr, l.indices, x, z, g, gb);
  else
    block_gradient_sgd(from, to, size, rows, columns, stride, mean, l.indptr, l.indices, x, z, g, gb, w,
                       v, b, vb, 0.1f, 0.9f, 0.01f, 0.001f);
}

static void dense_kernel(int kernel, int rows, int columns, int stride, int batch) {
  const int lines = kernel == 1 ? columns : rows, pitch = (columns + 15) / 16 * 16;
  const int from = take(lines + 1), to = about(from + take(lines - from + 1));
  if (to < from || to > lines) return;
  float *w = floats(rows * columns), *b = floats(rows), *x = floats(columns * stride);
  float *z = floats(rows * stride), *factor = take(2) ? floats((kernel ? columns : rows) * stride) : 0;
  float *transposed = floats(stride * pitch);
  if (refused) return;
  if (kernel == 0)
    dense_forward(from, to, rows, columns, stride, w, b, x, z, factor, 0, (uint32_t)take(65536), 7);
  else if (kernel == 1) dense_backward(from, to, rows, columns, stride, w, z, factor, x);
  else {
    transpose(columns, stride, pitch, x, transposed);
    dense_gradient(from, to, rows, columns, pitch, stride, 1.0f / (float)batch, transposed, z, w, b);
  }
}

static void loss_kernel(int kernel, int classes, int stride, int batch) {
  float *z = floats(classes * stride), *p = floats(classes * stride);
  float *weights = take(2) ? floats(batch) : 0;
  int32_t *labels = array(batch, 4);
  double *result = array(2, 8);
  if (refused || classes < 1) return;
  result[0] = result[1] = 0;
  for (int b = 0; b < batch; b++) {
    labels[b] = about(take(classes));
    if (labels[b] < 0 || labels[b] >= classes) return;
  }
  if (kernel == 0) softmax(classes, batch, stride, z, p);
  else softmax_cross_entropy(classes, batch, stride, z, labels, 0.1f, p, result, weights);
}

static void update_kernel(int kernel, int length) {
  const int from = take(length + 1), to = about(from + take(length - from + 1));
  if (from > to) return;
  float *g = floats(to), *w = floats(to), *v = floats(to), *square = floats(to);
  if (refused) return;
  if (kernel == 0) sgd_update(from, to, g, w, v, 0.1f, 0.9f, 0.01f, 0.001f);
  else adam_update(from, to, g, w, v, square, 0.1f, 0.9f, 0.999f, 0.3f, 1e-8f, 0.01f, 0.001f);
}

static void sine_kernel(int rows, int stride) {
  const int from = take(rows + 1), to = about(from + take(rows - from + 1));
  float *z = floats(rows * stride), *factor = take(2) ? floats(rows * stride) : 0;
  if (refused || to < from || to > rows) return;
  sine(from, to, rows, stride, z, factor);
}

static void stream_kernel(int rows, int columns, int stride) {
  const int per_row = take(20), scattered = take(2);
  float *w = floats(per_row), *x = floats(columns * stride), *out = floats(rows * stride);
  if (refused || columns < 1) return;
  stream(rows, per_row, columns, scattered, stride, w, x, out);
}

int LLVMFuzzerInitialize(int *count, char ***words) {
  (void)count, (void)words;
  const int level = VECTOR_BYTES == 64 ? 2 : VECTOR_BYTES == 32 ? 1 : 0;
  if (processor_level() >= level) return 0;
  puts("Skipped: this processor does not run this build");
  exit(0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  input = data, input_end = data + size;
  block_count = refused = 0;
  const int kernel = take(17), rows = take(45), batch = 1 + take(210);
  // Now and then an input so wide that the gradient takes fewer panels at a time.
  const int columns = take(200) == 199 ? 8000 + take(30000) : take(75);
  const int stride = about((batch + 15) / 16 * 16);
  if (stride % 16 == 0 && batch <= stride) {
    if (kernel < 4) sparse_kernel(kernel, rows, columns, stride, batch);
    else if (kernel < 7) dense_kernel(kernel - 4, rows, columns, stride, batch);
    else if (kernel < 9) loss_kernel(kernel - 7, rows, stride, batch);
    else if (kernel < 11) update_kernel(kernel - 9, take(300));
    else if (kernel == 11) sine_kernel(rows, stride);
    else if (kernel == 12) stream_kernel(rows, columns, stride);
    else block_kernel(kernel - 13, rows % 8, columns, stride, batch);
  }
  for (int i = 0; i < block_count; i++) free(blocks[i]);
  return 0;
}
