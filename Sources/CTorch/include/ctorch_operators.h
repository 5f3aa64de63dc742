/// Any operator of libtorch, called through its dispatcher.
#ifndef CTORCH_OPERATORS_H
#define CTORCH_OPERATORS_H

#include "ctorch_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_operator_s *ct_operator;
typedef struct ct_generator_s *ct_generator;

/// A list is `count` elements at `pointer`; a scalar stands in `integer` or `real`.
typedef enum {
  CT_NONE = 0,
  CT_TENSOR,            // pointer: ct_tensor
  CT_BOOL,              // integer
  CT_INT,               // integer
  CT_DOUBLE,            // real
  CT_STRING,            // pointer: const char *
  CT_INTS,              // pointer: const int64_t *
  CT_DOUBLES,           // pointer: const double *
  CT_TENSORS,           // pointer: const ct_tensor *
  CT_OPTIONAL_TENSORS,  // pointer: const ct_tensor *, NULL for an absent one
  CT_DEVICE,            // integer: type, count: index
  CT_GENERATOR,         // pointer: ct_generator
  CT_DEFAULT,           // the schema's default
} ct_tag;

typedef struct {
  int32_t tag;
  int64_t integer;
  double real;
  const void *pointer;
  int64_t count;
} ct_value;

/// Looks an operator up, once for the life of the process. `overload` is "" where there is only one.
char *ct_operator_find(const char *name, const char *overload, ct_operator *result);
/// Calls it. Missing trailing arguments take the schema's defaults. At most `capacity` results are stored; tensors
/// among them are new handles, and the array of a CT_TENSORS result is freed with `free`.
char *ct_operator_call(ct_operator op, const ct_value *arguments, int32_t argument_count, ct_value *results,
                       int32_t capacity, int32_t *result_count);

/// A random generator on the CPU with a state of its own.
char *ct_generator_new(uint64_t seed, ct_generator *result);
void ct_generator_release(ct_generator generator);
/// Its whole state as a uint8 tensor, and back.
char *ct_generator_state(ct_generator generator, ct_tensor *result);
char *ct_generator_restore(ct_generator generator, ct_tensor state);

#ifdef __cplusplus
}
#endif
#endif
