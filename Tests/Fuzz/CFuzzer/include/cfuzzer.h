#ifndef CFUZZER_H
#define CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's loop as a function, for programs with a main of their own. Source: LLVM's documentation of libFuzzer,
   "Using libFuzzer as a library". */
int LLVMFuzzerRunDriver(int *argument_count, char ***arguments, int (*input)(const uint8_t *bytes, size_t count));

#endif
