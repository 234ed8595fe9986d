#define _GNU_SOURCE
#include "Sockets.h"
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

void socket_use_core(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  sched_setaffinity(0, sizeof set, &set);
}

static int write_all(int socket, const uint8_t *bytes, size_t count) {
  while (count > 0) {
    ssize_t done = send(socket, bytes, count, MSG_NOSIGNAL);
    if (done <= 0) return -1;
    bytes += done;
    count -= (size_t)done;
  }
  return 0;
}

int socket_ping(
    const char *path, const struct socket_requests *requests, int64_t *nanoseconds, size_t *answer_bytes) {
  int socket = socket_open(path);
  if (socket < 0) return -1;
  struct answer_reader reader = {0};
  int status = 0;
  size_t start = 0;
  for (size_t i = 0; i < requests->count && status == 0; i++) {
    int64_t begun = socket_now();
    status = write_all(socket, requests->bytes + start, requests->ends[i] - start);
    struct answer answer;
    while (status == 0 && !answer_next(&reader, requests->framing, &answer))
      if (answer_receive(&reader, socket) <= 0) status = -1;
    nanoseconds[i] = socket_now() - begun;
    answer_bytes[i] = status == 0 ? answer.count : 0;
    start = requests->ends[i];
  }
  answer_free(&reader);
  close(socket);
  return status;
}

/// The end that answers; never returns.
static void answer_barely(int socket, const struct socket_requests *requests, const size_t *answer_bytes) {
  size_t most = 0;
  for (size_t i = 0; i < requests->count; i++) if (answer_bytes[i] > most) most = answer_bytes[i];
  uint8_t *answer = calloc(most + 1, 1);
  uint8_t buffer[65536];
  int queue = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN};
  epoll_ctl(queue, EPOLL_CTL_ADD, socket, &event);
  size_t start = 0;
  for (size_t i = 0; i < requests->count; i++) {
    size_t wanted = requests->ends[i] - start;
    while (wanted > 0) {
      epoll_wait(queue, &event, 1, -1);
      ssize_t got = read(socket, buffer, sizeof buffer);
      if (got <= 0) _exit(1);
      wanted -= (size_t)got;
    }
    start = requests->ends[i];
    if (write_all(socket, answer, answer_bytes[i]) != 0) _exit(1);
  }
  _exit(0);
}

int socket_bare_ping(
    const struct socket_requests *requests, const size_t *answer_bytes, int core, int64_t *nanoseconds) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return -1;
  pid_t other = fork();
  if (other < 0) return -1;
  if (other == 0) {
    socket_use_core(core);
    close(pair[0]);
    answer_barely(pair[1], requests, answer_bytes);
  }
  close(pair[1]);
  int status = 0;
  size_t start = 0;
  uint8_t buffer[65536];
  for (size_t i = 0; i < requests->count && status == 0; i++) {
    int64_t begun = socket_now();
    status = write_all(pair[0], requests->bytes + start, requests->ends[i] - start);
    size_t wanted = answer_bytes[i];
    while (status == 0 && wanted > 0) {
      ssize_t got = read(pair[0], buffer, wanted < sizeof buffer ? wanted : sizeof buffer);
      if (got <= 0) status = -1;
      else wanted -= (size_t)got;
    }
    nanoseconds[i] = socket_now() - begun;
    start = requests->ends[i];
  }
  close(pair[0]);
  waitpid(other, NULL, 0);
  return status;
}
