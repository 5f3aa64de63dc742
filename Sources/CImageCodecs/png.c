#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "cimagecodecs.h"

/* What libpng carries: the bytes still to read or written so far, and why it left. */
typedef struct {
  const uint8_t *input;
  size_t left;
  uint8_t *output;
  size_t written;
  size_t capacity;
  ic_status status;
  ic_failure *failure;
} ic_png_state;

static void on_error(png_structp png, png_const_charp message) {
  ic_png_state *state = png_get_error_ptr(png);
  if (state->status == IC_OK) state->status = IC_DAMAGED;
  snprintf(state->failure->message, sizeof state->failure->message, "%s", message);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void fail(png_structp png, ic_status status, const char *message) {
  ((ic_png_state *)png_get_error_ptr(png))->status = status;
  png_error(png, message);
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  ic_png_state *state = png_get_io_ptr(png);
  if (count > state->left) fail(png, IC_TRUNCATED, "the file ends inside a chunk");
  memcpy(target, state->input, count);
  state->input += count;
  state->left -= count;
}

static void write_bytes(png_structp png, png_bytep source, size_t count) {
  ic_png_state *state = png_get_io_ptr(png);
  if (state->written + count > state->capacity) {
    size_t capacity = state->capacity * 2 + count + 4096;
    uint8_t *larger = realloc(state->output, capacity);
    if (larger == NULL) fail(png, IC_NO_MEMORY, "no memory for the encoded image");
    state->output = larger;
    state->capacity = capacity;
  }
  memcpy(state->output + state->written, source, count);
  state->written += count;
}

static void flush(png_structp png) { (void)png; }

/* Reads all before the pixels and checks it against the limits and against what the caller saw. */
static void prepare(png_structp png, png_infop info, ic_limits limits, ic_size size) {
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_read_info(png, info);
  png_uint_32 width = png_get_image_width(png, info), height = png_get_image_height(png, info);
  if ((int64_t)width * (int64_t)height > limits.pixels) {
    char message[160];
    snprintf(message, sizeof message, "%u x %u pixels (height x width), wanted at most %lld pixels", height, width,
             (long long)limits.pixels);
    fail(png, IC_TOO_LARGE, message);
  }
  if ((int64_t)width != size.width || (int64_t)height != size.height) {
    fail(png, IC_DAMAGED, "the size changed between two looks at the header");
  }
}

/* Rows of `stride` bytes, straight into their places; an interlaced image fills them in several passes. */
static void read_rows(png_structp png, png_infop info, ic_size size, size_t stride, uint8_t *pixels) {
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != stride) fail(png, IC_UNSUPPORTED, "rows of an unexpected length");
  for (int pass = 0; pass < passes; pass++) {
    for (int32_t y = 0; y < size.height; y++) png_read_row(png, pixels + (size_t)y * stride, NULL);
  }
}

/* What a decoder works with; IC_NO_MEMORY with nothing to be freed. */
static ic_status open_decoder(png_structp *png, png_infop *info, ic_png_state *state) {
  *png = png_create_read_struct(PNG_LIBPNG_VER_STRING, state, on_error, on_warning);
  *info = *png ? png_create_info_struct(*png) : NULL;
  if (*info != NULL) return IC_OK;
  png_destroy_read_struct(png, NULL, NULL);
  snprintf(state->failure->message, sizeof state->failure->message, "no memory for a PNG decoder");
  return IC_NO_MEMORY;
}

/* The colour type of an image that is to be a label map. */
static int label_map_type(png_structp png, png_infop info) {
  int type = png_get_color_type(png, info);
  if (type != PNG_COLOR_TYPE_PALETTE && type != PNG_COLOR_TYPE_GRAY) {
    fail(png, IC_UNSUPPORTED, "a colour image, wanted a label map: palette or grey without alpha");
  }
  return type;
}

ic_status ic_png_decode(const uint8_t *bytes, size_t count, ic_limits limits, ic_size size, uint8_t *pixels,
                        ic_failure *failure) {
  ic_png_state state = {.input = bytes, .left = count, .status = IC_OK, .failure = failure};
  png_structp png;
  png_infop info;
  if (open_decoder(&png, &info, &state) != IC_OK) return IC_NO_MEMORY;
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return state.status;
  }
  png_set_read_fn(png, &state, read_bytes);
  prepare(png, info, limits, size);
  png_set_expand(png);
  png_set_strip_16(png);
  png_set_strip_alpha(png);
  if (!(png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR)) png_set_gray_to_rgb(png);
  read_rows(png, info, size, (size_t)size.width * 3, pixels);
  png_destroy_read_struct(&png, &info, NULL);
  return IC_OK;
}

/* Two bytes a pixel in `wide` to one in `pixels`. */
static void narrow(png_structp png, const uint8_t *wide, ic_size size, uint8_t *pixels) {
  for (int32_t y = 0; y < size.height; y++) {
    for (int32_t x = 0; x < size.width; x++) {
      size_t i = (size_t)y * (size_t)size.width + (size_t)x;
      if (wide[2 * i] != 0) {
        char message[120];
        snprintf(message, sizeof message, "label %d at row %d, column %d, wanted at most 255",
                 wide[2 * i] << 8 | wide[2 * i + 1], (int)y, (int)x);
        fail(png, IC_UNSUPPORTED, message);
      }
      pixels[i] = wide[2 * i + 1];
    }
  }
}

ic_status ic_png_decode_labels(const uint8_t *bytes, size_t count, ic_limits limits, ic_size size, uint8_t *pixels,
                               uint8_t *palette, int32_t *palette_count, ic_failure *failure) {
  ic_png_state state = {.input = bytes, .left = count, .status = IC_OK, .failure = failure};
  uint8_t *volatile wide = NULL;
  png_structp png;
  png_infop info;
  if (open_decoder(&png, &info, &state) != IC_OK) return IC_NO_MEMORY;
  if (setjmp(png_jmpbuf(png))) {
    free(wide);
    png_destroy_read_struct(&png, &info, NULL);
    return state.status;
  }
  png_set_read_fn(png, &state, read_bytes);
  prepare(png, info, limits, size);
  int type = label_map_type(png, info), depth = png_get_bit_depth(png, info);
  *palette_count = 0;
  png_colorp colours = NULL;
  int colour_count = 0;
  if (palette != NULL && png_get_PLTE(png, info, &colours, &colour_count) && type == PNG_COLOR_TYPE_PALETTE) {
    for (int i = 0; i < colour_count && i < 256; i++) {
      palette[3 * i] = colours[i].red;
      palette[3 * i + 1] = colours[i].green;
      palette[3 * i + 2] = colours[i].blue;
    }
    *palette_count = colour_count;
  }
  png_set_packing(png);
  size_t width = (size_t)size.width;
  if (depth == 16) {
    wide = malloc((size_t)size.height * width * 2);
    if (wide == NULL) fail(png, IC_NO_MEMORY, "no memory for a 16-bit label map");
    read_rows(png, info, size, width * 2, wide);
    narrow(png, wide, size, pixels);
  } else {
    read_rows(png, info, size, width, pixels);
  }
  free(wide);
  png_destroy_read_struct(&png, &info, NULL);
  return IC_OK;
}

ic_status ic_png_decode_wide_labels(const uint8_t *bytes, size_t count, ic_limits limits, ic_size size,
                                    uint16_t *pixels, ic_failure *failure) {
  ic_png_state state = {.input = bytes, .left = count, .status = IC_OK, .failure = failure};
  png_structp png;
  png_infop info;
  if (open_decoder(&png, &info, &state) != IC_OK) return IC_NO_MEMORY;
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return state.status;
  }
  png_set_read_fn(png, &state, read_bytes);
  prepare(png, info, limits, size);
  label_map_type(png, info);
  int depth = png_get_bit_depth(png, info);
  png_set_packing(png);
  size_t width = (size_t)size.width, total = (size_t)size.height * width;
  uint8_t *raw = (uint8_t *)pixels;
  if (depth == 16) {
    read_rows(png, info, size, width * 2, raw);
    for (size_t i = 0; i < total; i++) pixels[i] = (uint16_t)(raw[2 * i] << 8 | raw[2 * i + 1]);
  } else {
    /* Into the second half, so that each byte is read before it is written over. */
    read_rows(png, info, size, width, raw + total);
    for (size_t i = 0; i < total; i++) pixels[i] = raw[total + i];
  }
  png_destroy_read_struct(&png, &info, NULL);
  return IC_OK;
}

ic_status ic_png_encode(const uint8_t *pixels, int32_t height, int32_t width, int32_t channels, const uint8_t *palette,
                        int32_t palette_count, int32_t level, ic_buffer *result, ic_failure *failure) {
  ic_png_state state = {.status = IC_OK, .failure = failure};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &state, on_error, on_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (info == NULL) {
    png_destroy_write_struct(&png, NULL);
    snprintf(failure->message, sizeof failure->message, "no memory for a PNG encoder");
    return IC_NO_MEMORY;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    free(state.output);
    return state.status;
  }
  png_set_write_fn(png, &state, write_bytes, flush);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  int type = palette != NULL ? PNG_COLOR_TYPE_PALETTE
             : channels == 1 ? PNG_COLOR_TYPE_GRAY
             : channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA
                             : PNG_COLOR_TYPE_RGB;
  png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, type, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (palette != NULL) {
    png_color colours[256];
    for (int i = 0; i < palette_count && i < 256; i++) {
      colours[i] = (png_color){palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]};
    }
    png_set_PLTE(png, info, colours, palette_count);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  }
  png_set_compression_level(png, level);
  png_write_info(png, info);
  size_t stride = (size_t)width * (size_t)channels;
  for (int32_t y = 0; y < height; y++) png_write_row(png, pixels + (size_t)y * stride);
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  result->bytes = state.output;
  result->count = state.written;
  return IC_OK;
}
