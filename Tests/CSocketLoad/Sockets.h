#pragma once
#include "CSocketLoad.h"
#include <stdbool.h>
#include <sys/socket.h>

/// Nanoseconds of a clock that never goes back.
int64_t socket_now(void);

/// Bytes received that are no whole answer yet. All zero at first.
struct answer_reader {
  uint8_t *bytes;
  size_t start, end, capacity;
};

struct answer {
  size_t count;
  /// It decides, and is not degraded.
  bool is_good;
  /// It says that there is too much to do.
  bool is_shed;
};

/// Receives what is there; the count, 0 at the end, -1 as `recv` does.
ssize_t answer_receive(struct answer_reader *reader, int socket);

/// Takes the next whole answer; false when it is not all there.
bool answer_next(struct answer_reader *reader, enum socket_framing framing, struct answer *answer);

void answer_free(struct answer_reader *reader);
