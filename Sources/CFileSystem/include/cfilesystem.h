/* syncfs, which the C library declares for _GNU_SOURCE alone, and what became of standard output, a variable of C. */
#ifndef SEMIVISION_CFILESYSTEM_H
#define SEMIVISION_CFILESYSTEM_H

/* Returns when all that has been written to the file system of an open file is on its disk: 0, or -1 with errno. */
int sv_sync_file_system(int descriptor);

/* Sends what standard output holds back: 0, or -1 with errno where that or anything printed before was lost. */
int sv_flush_standard_output(void);

#endif
