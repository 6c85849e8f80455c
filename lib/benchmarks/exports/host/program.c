/*
 * Times a program in C. `setting.h` says what to include, the number of columns, and the call for the class
 * of row `x`. Prints microseconds of a row, one at a time: twice, as it knows no batches.
 */
#include <stdio.h>
#include <time.h>
#include "setting.h"

#define ROWS 1000
#define ROUNDS 4
static float rows[ROWS][COLUMNS];
static volatile int counted;

int main(int count, char **words)
{
  FILE *file = count > 1 ? fopen(words[1], "rb") : NULL;
  clock_t before = 0;
  int round, row;
  double each;
  if (file == NULL || fread(rows, sizeof rows, 1, file) != 1) return 1;
  for (round = 0; round <= ROUNDS; round++) {
    if (round == 1) before = clock();
    for (row = 0; row < ROWS; row++) {
      const float *x = rows[row];
      counted = CALL;
    }
  }
  each = (double)(clock() - before) / CLOCKS_PER_SEC * 1e6 / ROUNDS / ROWS;
  printf("[%f, %f]\n", each, each);
  return 0;
}
