/// The C shim over libtorch: all that Swift sees of it.
///
/// Conventions, for every function here:
///  - Handles are opaque and owned by the caller, who releases each one exactly once.
///  - A function that can fail returns NULL, or a message allocated with malloc that the caller frees. No C++ exception
///    leaves the shim.
///  - Element types are libtorch's own numbers (6 = float32 …), which are the same in every version since 1.0.
#ifndef CTORCH_H
#define CTORCH_H

#include "ctorch_autograd.h"
#include "ctorch_kernels.h"
#include "ctorch_machine.h"
#include "ctorch_operators.h"
#include "ctorch_tensor.h"
#include "ctorch_work.h"

#endif
