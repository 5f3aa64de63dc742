/// Gradients.
#ifndef CTORCH_AUTOGRAD_H
#define CTORCH_AUTOGRAD_H

#include "ctorch_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

bool ct_tensor_requires_gradient(ct_tensor tensor);
char *ct_tensor_set_requires_gradient(ct_tensor tensor, bool required);
/// The accumulated gradient of a leaf, or NULL where there is none.
char *ct_tensor_gradient(ct_tensor tensor, ct_tensor *result);
/// Replaces the accumulated gradient; NULL clears it.
char *ct_tensor_set_gradient(ct_tensor tensor, ct_tensor gradient);

/// Accumulates the gradients of a scalar into the leaves it was computed from.
char *ct_backward(ct_tensor scalar);
/// The gradients of a scalar with respect to `inputs`, without touching any leaf. NULL for an input it does not depend on.
char *ct_gradients(ct_tensor scalar, const ct_tensor *inputs, int32_t count, bool retain_graph, ct_tensor *results);

/// Whether operations on this thread are recorded.
bool ct_gradient_recording(void);
void ct_set_gradient_recording(bool enabled);

#ifdef __cplusplus
}
#endif
#endif
