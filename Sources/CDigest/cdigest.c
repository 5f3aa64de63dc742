#include "cdigest.h"

#include <openssl/evp.h>
#include <stdlib.h>

/* The handle is libcrypto's context itself; the name only keeps its headers out of Swift. */
static EVP_MD_CTX *context_of(const sv_sha256 *digest) { return (EVP_MD_CTX *)digest; }

sv_sha256 *sv_sha256_new(void) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (context == NULL) return NULL;
  if (EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
    EVP_MD_CTX_free(context);
    return NULL;
  }
  return (sv_sha256 *)context;
}

sv_sha256 *sv_sha256_copy(const sv_sha256 *other) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (context == NULL) return NULL;
  if (EVP_MD_CTX_copy_ex(context, context_of(other)) != 1) {
    EVP_MD_CTX_free(context);
    return NULL;
  }
  return (sv_sha256 *)context;
}

void sv_sha256_free(sv_sha256 *digest) { EVP_MD_CTX_free(context_of(digest)); }

int sv_sha256_update(sv_sha256 *digest, const void *bytes, size_t count) {
  return EVP_DigestUpdate(context_of(digest), bytes, count);
}

int sv_sha256_value(const sv_sha256 *digest, uint8_t out[32]) {
  sv_sha256 *copy = sv_sha256_copy(digest);
  if (copy == NULL) return 0;
  unsigned int length = 0;
  int done = EVP_DigestFinal_ex(context_of(copy), out, &length);
  sv_sha256_free(copy);
  return done == 1 && length == 32;
}
