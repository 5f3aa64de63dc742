/// A device for tests: memory of the host under another name, which the engine takes for an accelerator.
///
/// Its tensors cannot meet those of the CPU, and whatever waits for the device is counted by name, so tests on any machine
/// see what a GPU would refuse or wait for. It computes by the CPU's own kernels.
#ifndef COTHERDEVICE_H
#define COTHERDEVICE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Makes the device known to the engine; further calls do nothing.
void cod_register(void);

/// How often the host has waited for the device since the last call, and for what: "name count" a line, by name. Freed by the
/// caller.
char *cod_take_waits(void);

#ifdef __cplusplus
}
#endif
#endif
