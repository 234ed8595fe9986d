#define _GNU_SOURCE
#include "Sockets.h"
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int socket_open(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return -1;
  strcpy(address.sun_path, path);
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0) return descriptor;
  close(descriptor);
  return -1;
}

int64_t socket_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

ssize_t answer_receive(struct answer_reader *reader, int socket) {
  if (reader->start == reader->end) reader->start = reader->end = 0;
  if (reader->capacity - reader->end < 65536) {
    memmove(reader->bytes, reader->bytes + reader->start, reader->end - reader->start);
    reader->end -= reader->start;
    reader->start = 0;
    if (reader->capacity - reader->end < 65536) {
      reader->capacity = reader->capacity * 2 + 131072;
      reader->bytes = realloc(reader->bytes, reader->capacity);
      if (!reader->bytes) abort();
    }
  }
  ssize_t got = recv(socket, reader->bytes + reader->end, reader->capacity - reader->end, 0);
  if (got > 0) reader->end += (size_t)got;
  return got;
}

/// The length of the headers with their empty line and of the body; 0 when they are not all there.
static size_t response_length(const uint8_t *bytes, size_t count) {
  const uint8_t *end = memmem(bytes, count, "\r\n\r\n", 4);
  if (!end) return 0;
  size_t head = (size_t)(end - bytes) + 4, body = 0;
  const uint8_t *field = memmem(bytes, head, "content-length: ", 16);
  if (field) body = strtoul((const char *)field + 16, NULL, 10);
  return head + body <= count ? head + body : 0;
}

bool answer_next(struct answer_reader *reader, enum socket_framing framing, struct answer *answer) {
  const uint8_t *bytes = reader->bytes + reader->start;
  size_t count = reader->end - reader->start;
  if (count == 0) return false;
  if (framing == SOCKET_LINES) {
    const uint8_t *end = memchr(bytes, '\n', count);
    if (!end) return false;
    answer->count = (size_t)(end - bytes) + 1;
    answer->is_shed = memmem(bytes, answer->count, "\"status\":503", 12) != NULL;
  } else {
    answer->count = response_length(bytes, count);
    if (answer->count == 0) return false;
    answer->is_shed = memcmp(bytes, "HTTP/1.1 503", 12) == 0;
  }
  answer->is_good = !answer->is_shed && memmem(bytes, answer->count, "\"degraded\":false", 16) != NULL;
  reader->start += answer->count;
  return true;
}

void answer_free(struct answer_reader *reader) { free(reader->bytes); }
