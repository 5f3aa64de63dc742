/// What operators do: calls, time, arithmetic and memory traffic, counted where it is asked for.
#ifndef CTORCH_WORK_H
#define CTORCH_WORK_H

#include "ctorch_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_work_counter_s *ct_work_counter;

/// What a machine reaches at best: floating-point operations a second on numbers of 32 and of 16 bits, bytes a second.
/// A rate of 0 is not known, and bounds nothing.
typedef struct {
  double flops32, flops16, bytes;
} ct_machine_peak;

/// What operators did, added up.
typedef struct {
  int64_t calls;
  /// From the call to the return. On a CUDA device an operator returns once its work is queued, unless the counter waits for it.
  double seconds;
  /// Floating-point operations of convolutions and matrix products; a multiplication with its addition is two.
  int64_t flops;
  /// Bytes of the operands that have to be read and of the results that have to be written.
  int64_t bytes;
  /// The least time: of each operator that of its arithmetic or of its memory traffic, whichever is longer.
  double floor_seconds;
} ct_work;

/// The work of all operators of one name, which lives as long as the counter.
typedef struct {
  const char *name;
  ct_work work;
} ct_operator_work;

/// - waits: whether a CUDA device is waited for behind each operator, so that its seconds are what it took there.
char *ct_work_counter_new(ct_machine_peak peak, bool waits, ct_work_counter *result);
void ct_work_counter_release(ct_work_counter counter);

/// From here to `ct_work_counter_stop` on the same thread, counts the operators that the thread calls and those of the
/// backward passes that it begins; other threads' are not counted. One counter at a time.
char *ct_work_counter_start(ct_work_counter counter);
void ct_work_counter_stop(ct_work_counter counter);

/// All operators since the last reset.
ct_work ct_work_counter_total(ct_work_counter counter);
/// Writes the first `capacity` names, in alphabetical order, and returns how many there are.
int32_t ct_work_counter_operators(ct_work_counter counter, ct_operator_work *operators, int32_t capacity);
void ct_work_counter_reset(ct_work_counter counter);

#ifdef __cplusplus
}
#endif
#endif
