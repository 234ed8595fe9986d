#ifndef ASSAY_CHIREDIS_H
#define ASSAY_CHIREDIS_H

#include <hiredis/read.h>

/// The kind of reply that the reader is in the middle of (`REDIS_REPLY_…`), or -1 between replies. Swift sees the
/// reader's stack as a tuple and cannot index it.
static inline int assay_reader_kind(const redisReader *reader) {
  return reader->ridx < 0 || reader->ridx > 8 ? -1 : reader->rstack[reader->ridx].type;
}

#endif
