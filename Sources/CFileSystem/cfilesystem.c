#define _GNU_SOURCE
#include "cfilesystem.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int sv_sync_file_system(int descriptor) {
#ifdef __linux__
  return syncfs(descriptor);
#else
  (void)descriptor;
  sync();
  return 0;
#endif
}

int sv_flush_standard_output(void) {
  if (fflush(stdout) != 0) return -1;
  if (!ferror(stdout)) return 0;
  /* What stood in the way when the buffer was full is forgotten. */
  errno = EIO;
  return -1;
}
