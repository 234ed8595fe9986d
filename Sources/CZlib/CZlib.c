#include "CZlib.h"

#include <stdlib.h>
#include <zlib.h>

struct AssayInflater {
  z_stream stream;
};

// 15 bits of window, and 16 for "gzip only".
static const int gzip_window_bits = 15 + 16;

AssayInflater *assay_inflater_create(void) {
  AssayInflater *inflater = calloc(1, sizeof(AssayInflater));
  if (inflater == NULL) return NULL;
  if (inflateInit2(&inflater->stream, gzip_window_bits) != Z_OK) {
    free(inflater);
    return NULL;
  }
  return inflater;
}

void assay_inflater_destroy(AssayInflater *inflater) {
  if (inflater == NULL) return;
  inflateEnd(&inflater->stream);
  free(inflater);
}

AssayInflateStatus assay_inflater_reset(AssayInflater *inflater) {
  return inflateReset(&inflater->stream) == Z_OK ? AssayInflateProgress : AssayInflateFailed;
}

AssayInflateStatus assay_inflater_step(
    AssayInflater *inflater, const uint8_t *input, size_t input_count, size_t *consumed, uint8_t *output,
    size_t output_count, size_t *produced) {
  z_stream *stream = &inflater->stream;
  // zlib counts in 32 bits; what does not fit waits for the next step.
  const uInt input_now = input_count > UINT32_MAX ? UINT32_MAX : (uInt)input_count;
  const uInt output_now = output_count > UINT32_MAX ? UINT32_MAX : (uInt)output_count;
  stream->next_in = (Bytef *)input;
  stream->avail_in = input_now;
  stream->next_out = output;
  stream->avail_out = output_now;
  const int result = inflate(stream, Z_NO_FLUSH);
  *consumed = input_now - stream->avail_in;
  *produced = output_now - stream->avail_out;
  stream->next_in = NULL;
  stream->next_out = NULL;
  switch (result) {
    case Z_OK:
    case Z_BUF_ERROR:
      return AssayInflateProgress;
    case Z_STREAM_END:
      return AssayInflateMemberEnd;
    case Z_MEM_ERROR:
      return AssayInflateFailed;
    default:
      return AssayInflateCorrupt;
  }
}

const char *assay_inflater_message(const AssayInflater *inflater) {
  return inflater->stream.msg != NULL ? inflater->stream.msg : "the data is damaged";
}
