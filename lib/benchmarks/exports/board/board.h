#ifndef BOARD_H
#define BOARD_H
#include <stdint.h>

/* Prints a word in 8 hexadecimal digits, on a line of its own. */
void put_word(uint32_t word);

/* A timer's ticks; under qemu with -icount it counts instructions. */
uint32_t ticks(void);
#endif
