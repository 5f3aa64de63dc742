/* SHA-256 from libcrypto behind one opaque handle. */
#ifndef SEMIVISION_CDIGEST_H
#define SEMIVISION_CDIGEST_H

#include <stddef.h>
#include <stdint.h>

typedef struct sv_sha256 sv_sha256;

/* NULL where libcrypto has no SHA-256 or memory has run out. */
sv_sha256 *sv_sha256_new(void);
sv_sha256 *sv_sha256_copy(const sv_sha256 *other);
void sv_sha256_free(sv_sha256 *digest);
/* 1 on success. */
int sv_sha256_update(sv_sha256 *digest, const void *bytes, size_t count);
/* Writes 32 bytes and leaves the digest as it was, so that more can be added. 1 on success. */
int sv_sha256_value(const sv_sha256 *digest, uint8_t out[32]);

#endif
