/* JPEG (libjpeg-turbo) and PNG (libpng) between memory and memory.
 *
 * Both libraries leave their functions by longjmp when something is wrong. All of that stays inside this target: each
 * function here returns an ic_status and fills an ic_failure, and nothing is left allocated after a failure.
 */
#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  IC_OK = 0,
  IC_TRUNCATED,   /* the bytes end before the image does */
  IC_DAMAGED,     /* the bytes contradict the format */
  IC_TOO_LARGE,   /* more pixels or scans than the limits allow */
  IC_UNSUPPORTED, /* a valid file of a kind that is not read */
  IC_NO_MEMORY,
} ic_status;

typedef struct {
  char message[256];
} ic_failure;

typedef struct {
  int32_t height;
  int32_t width;
  int32_t components; /* as stored: 1 grey, 3 colour, 4 CMYK or YCCK */
} ic_size;

typedef struct {
  int64_t pixels; /* most pixels of the stored image */
  int32_t scans;  /* most scans of a progressive JPEG */
} ic_limits;

/* Bytes made by an encoder; release with ic_free. */
typedef struct {
  uint8_t *bytes;
  size_t count;
} ic_buffer;

void ic_free(ic_buffer buffer);

/* The size that ic_jpeg_decode gives with this scale (eighths, 1...8). */
ic_status ic_jpeg_size(const uint8_t *bytes, size_t count, int32_t eighths, ic_limits limits, ic_size *size,
                       ic_failure *failure);

/* Decodes to RGB, rows packed, into `pixels`, which holds size.height * size.width * 3 bytes. Slow integer DCT and
 * smooth chroma upsampling, as Pillow does by default; CMYK is taken as inverted (Adobe's way), as Pillow does. */
ic_status ic_jpeg_decode(const uint8_t *bytes, size_t count, int32_t eighths, ic_limits limits, ic_size size,
                         uint8_t *pixels, ic_failure *failure);

/* Encodes 1 (grey), 3 (RGB) or 4 (RGB and an ignored byte) channels; 4:2:0 unless `full_chroma`. */
ic_status ic_jpeg_encode(const uint8_t *pixels, int32_t height, int32_t width, int32_t channels, int32_t quality,
                         int32_t full_chroma, ic_buffer *result, ic_failure *failure);

/* Decodes to RGB: palette looked up, grey repeated, alpha dropped, of 16 bits the upper 8 kept. */
ic_status ic_png_decode(const uint8_t *bytes, size_t count, ic_limits limits, ic_size size, uint8_t *pixels,
                        ic_failure *failure);

/* Decodes one number a pixel: palette indices, or grey values as stored (1, 2, 4 and 8 bits unscaled; 16 bits if no
 * value is above 255). `palette` (768 bytes, may be null) receives the colours, `palette_count` their number. */
ic_status ic_png_decode_labels(const uint8_t *bytes, size_t count, ic_limits limits, ic_size size, uint8_t *pixels,
                               uint8_t *palette, int32_t *palette_count, ic_failure *failure);

/* Decodes grey values of up to 16 bits as stored, or palette indices. */
ic_status ic_png_decode_wide_labels(const uint8_t *bytes, size_t count, ic_limits limits, ic_size size,
                                    uint16_t *pixels, ic_failure *failure);

/* Encodes 1 (grey), 3 (RGB) or 4 (RGBA) channels; with `palette` (3 bytes an entry) one channel of indices.
 * `level` is zlib's, 0...9. */
ic_status ic_png_encode(const uint8_t *pixels, int32_t height, int32_t width, int32_t channels, const uint8_t *palette,
                        int32_t palette_count, int32_t level, ic_buffer *result, ic_failure *failure);

#ifdef __cplusplus
}
#endif

#endif
