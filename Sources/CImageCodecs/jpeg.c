#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In this order: jerror.h numbers its messages by what jpeglib.h was configured with. */
#include <jpeglib.h>

#include <jerror.h>

#include "cimagecodecs.h"

/* What libjpeg carries as its error manager: where to jump to, and why. */
typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf leave;
  ic_status status;
  ic_failure *failure;
} ic_jpeg_errors;

/* A progress monitor that refuses files with very many scans: a few kilobytes of them can take minutes. */
typedef struct {
  struct jpeg_progress_mgr manager;
  int32_t scan_limit;
} ic_jpeg_progress;

static void fail(ic_jpeg_errors *errors, ic_status status, const char *message) {
  errors->status = status;
  snprintf(errors->failure->message, sizeof errors->failure->message, "%s", message);
  longjmp(errors->leave, 1);
}

static void leave_with_library_message(j_common_ptr common, int code) {
  ic_jpeg_errors *errors = (ic_jpeg_errors *)common->err;
  ic_status status = IC_DAMAGED;
  switch (code) {
  case JERR_INPUT_EOF:
  case JERR_INPUT_EMPTY:
  case JWRN_JPEG_EOF:
  case JWRN_HIT_MARKER:
    status = IC_TRUNCATED;
    break;
  case JERR_OUT_OF_MEMORY:
    status = IC_NO_MEMORY;
    break;
  case JERR_IMAGE_TOO_BIG:
  case JERR_WIDTH_OVERFLOW:
    status = IC_TOO_LARGE;
    break;
  case JERR_ARITH_NOTIMPL:
  case JERR_BAD_PRECISION:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_NOT_COMPILED:
  case JERR_SOF_UNSUPPORTED:
    status = IC_UNSUPPORTED;
    break;
  default:
    break;
  }
  char message[JMSG_LENGTH_MAX];
  errors->manager.format_message(common, message);
  fail(errors, status, message);
}

static void on_error(j_common_ptr common) { leave_with_library_message(common, common->err->msg_code); }

/* Missing or broken coefficients would be painted grey; everything else that libjpeg warns of is harmless. */
static void on_message(j_common_ptr common, int level) {
  if (level >= 0) return;
  int code = common->err->msg_code;
  switch (code) {
  case JWRN_JPEG_EOF:
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_MUST_RESYNC:
#ifdef D_ARITH_CODING_SUPPORTED
  case JWRN_ARITH_BAD_CODE:
#endif
    leave_with_library_message(common, code);
    break;
  default:
    common->err->num_warnings++;
  }
}

static void on_output(j_common_ptr common) { (void)common; }

static void on_progress(j_common_ptr common) {
  if (!common->is_decompressor) return;
  j_decompress_ptr decoder = (j_decompress_ptr)common;
  ic_jpeg_progress *progress = (ic_jpeg_progress *)common->progress;
  if (decoder->input_scan_number > progress->scan_limit) {
    char message[100];
    snprintf(message, sizeof message, "more than %d scans", (int)progress->scan_limit);
    fail((ic_jpeg_errors *)common->err, IC_TOO_LARGE, message);
  }
}

static struct jpeg_error_mgr *install(ic_jpeg_errors *errors, ic_failure *failure) {
  struct jpeg_error_mgr *manager = jpeg_std_error(&errors->manager);
  manager->error_exit = on_error;
  manager->emit_message = on_message;
  manager->output_message = on_output;
  errors->status = IC_OK;
  errors->failure = failure;
  return manager;
}

/* Reads the header, checks it against the limits and fixes how the image is to be decoded. */
static void prepare(j_decompress_ptr decoder, ic_jpeg_errors *errors, const uint8_t *bytes, size_t count,
                    int32_t eighths, ic_limits limits) {
  jpeg_mem_src(decoder, bytes, count);
  jpeg_read_header(decoder, TRUE);
  if ((int64_t)decoder->image_width * (int64_t)decoder->image_height > limits.pixels) {
    char message[160];
    snprintf(message, sizeof message, "%u x %u pixels (height x width), wanted at most %lld pixels",
             decoder->image_height, decoder->image_width, (long long)limits.pixels);
    fail(errors, IC_TOO_LARGE, message);
  }
  switch (decoder->num_components) {
  case 1:
  case 3:
    decoder->out_color_space = JCS_RGB;
    break;
  case 4:
    decoder->out_color_space = JCS_CMYK;
    break;
  default: {
    char message[100];
    snprintf(message, sizeof message, "%d colour components, wanted 1, 3 or 4", decoder->num_components);
    fail(errors, IC_UNSUPPORTED, message);
  }
  }
  decoder->dct_method = JDCT_ISLOW;
  decoder->do_fancy_upsampling = TRUE;
  decoder->scale_num = (unsigned)eighths;
  decoder->scale_denom = 8;
  jpeg_calc_output_dimensions(decoder);
}

ic_status ic_jpeg_size(const uint8_t *bytes, size_t count, int32_t eighths, ic_limits limits, ic_size *size,
                       ic_failure *failure) {
  struct jpeg_decompress_struct decoder;
  ic_jpeg_errors errors;
  memset(&decoder, 0, sizeof decoder);
  decoder.err = install(&errors, failure);
  if (setjmp(errors.leave)) {
    jpeg_destroy_decompress(&decoder);
    return errors.status;
  }
  jpeg_create_decompress(&decoder);
  prepare(&decoder, &errors, bytes, count, eighths, limits);
  size->height = (int32_t)decoder.output_height;
  size->width = (int32_t)decoder.output_width;
  size->components = decoder.num_components;
  jpeg_destroy_decompress(&decoder);
  return IC_OK;
}

/* x * y / 255, rounded, as Pillow computes it. */
static inline int scaled(int x, int y) {
  int product = x * y + 128;
  return ((product >> 8) + product) >> 8;
}

/* Inverted CMYK to RGB, with Pillow's rounding: (255 - K) - C * (255 - K) / 255. */
static void rgb_from_inverted_cmyk(const uint8_t *cmyk, uint8_t *rgb, int32_t width) {
  for (int32_t x = 0; x < width; x++) {
    int white = cmyk[4 * x + 3];
    for (int c = 0; c < 3; c++) {
      int value = white - scaled(255 - cmyk[4 * x + c], white);
      rgb[3 * x + c] = (uint8_t)(value < 0 ? 0 : value);
    }
  }
}

ic_status ic_jpeg_decode(const uint8_t *bytes, size_t count, int32_t eighths, ic_limits limits, ic_size size,
                         uint8_t *pixels, ic_failure *failure) {
  struct jpeg_decompress_struct decoder;
  ic_jpeg_errors errors;
  ic_jpeg_progress progress;
  memset(&decoder, 0, sizeof decoder);
  memset(&progress, 0, sizeof progress);
  decoder.err = install(&errors, failure);
  if (setjmp(errors.leave)) {
    jpeg_destroy_decompress(&decoder);
    return errors.status;
  }
  jpeg_create_decompress(&decoder);
  prepare(&decoder, &errors, bytes, count, eighths, limits);
  progress.manager.progress_monitor = on_progress;
  progress.scan_limit = limits.scans;
  decoder.progress = &progress.manager;
  jpeg_start_decompress(&decoder);
  if ((int32_t)decoder.output_height != size.height || (int32_t)decoder.output_width != size.width) {
    fail(&errors, IC_DAMAGED, "the size changed between two looks at the header");
  }
  size_t stride = (size_t)size.width * 3;
  if (decoder.out_color_space == JCS_CMYK) {
    /* libjpeg's pool: released with the decoder, also when it leaves by an error. */
    JSAMPARRAY row = (*decoder.mem->alloc_sarray)((j_common_ptr)&decoder, JPOOL_IMAGE, decoder.output_width * 4, 1);
    while (decoder.output_scanline < decoder.output_height) {
      size_t y = decoder.output_scanline;
      if (jpeg_read_scanlines(&decoder, row, 1) == 1) rgb_from_inverted_cmyk(row[0], pixels + y * stride, size.width);
    }
  } else {
    while (decoder.output_scanline < decoder.output_height) {
      JSAMPROW rows[8];
      JDIMENSION left = decoder.output_height - decoder.output_scanline;
      JDIMENSION wanted = left < 8 ? left : 8;
      for (JDIMENSION i = 0; i < wanted; i++) rows[i] = pixels + (decoder.output_scanline + i) * stride;
      jpeg_read_scanlines(&decoder, rows, wanted);
    }
  }
  jpeg_destroy_decompress(&decoder);
  return IC_OK;
}

ic_status ic_jpeg_encode(const uint8_t *pixels, int32_t height, int32_t width, int32_t channels, int32_t quality,
                         int32_t full_chroma, ic_buffer *result, ic_failure *failure) {
  struct jpeg_compress_struct encoder;
  ic_jpeg_errors errors;
  unsigned long count = 0;
  result->bytes = NULL;
  memset(&encoder, 0, sizeof encoder);
  encoder.err = install(&errors, failure);
  if (setjmp(errors.leave)) {
    jpeg_destroy_compress(&encoder);
    free(result->bytes);
    result->bytes = NULL;
    return errors.status;
  }
  jpeg_create_compress(&encoder);
  jpeg_mem_dest(&encoder, &result->bytes, &count);
  encoder.image_height = (JDIMENSION)height;
  encoder.image_width = (JDIMENSION)width;
  encoder.input_components = channels;
  encoder.in_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 4 ? JCS_EXT_RGBX : JCS_RGB;
  jpeg_set_defaults(&encoder);
  jpeg_set_quality(&encoder, quality, TRUE);
  encoder.dct_method = JDCT_ISLOW;
  if (full_chroma && channels != 1) encoder.comp_info[0].h_samp_factor = encoder.comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(&encoder, TRUE);
  size_t stride = (size_t)width * (size_t)channels;
  while (encoder.next_scanline < encoder.image_height) {
    JSAMPROW row = (JSAMPROW)(pixels + encoder.next_scanline * stride);
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  result->count = count;
  return IC_OK;
}

void ic_free(ic_buffer buffer) { free(buffer.bytes); }
