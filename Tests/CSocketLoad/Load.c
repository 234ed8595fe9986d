#define _GNU_SOURCE
#include "Sockets.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/// No load waits longer for an answer, whichever it is; nanoseconds.
#define SILENCE_MAX 30000000000LL

/// One connection: requests `first`, `first + connections`, and so on.
struct connection {
  int socket;
  struct answer_reader reader;
  /// The next request to send, and how much of it is sent.
  size_t next, sent;
  /// The next request to be answered.
  size_t answered;
  /// Waits until the kernel takes more.
  bool is_full;
};

struct run {
  const struct socket_requests *requests;
  const struct socket_load *load;
  struct socket_load_result *result;
  int64_t *nanoseconds;
  /// When each request was sent or due.
  int64_t *begun;
  struct connection *connections;
  int64_t start;
  /// Requests from this one on are not sent.
  size_t end;
  int queue;
};

static size_t start_of(const struct run *run, size_t request) {
  return request == 0 ? 0 : run->requests->ends[request - 1];
}

/// The requests before this one are due.
static size_t due(const struct run *run, int64_t now) {
  if (run->load->rate <= 0) return run->end;
  double count = (double)(now - run->start) / 1e9 * run->load->rate;
  return count < (double)run->end ? (size_t)count : run->end;
}

static void watch(struct run *run, struct connection *connection, bool is_full) {
  if (connection->is_full == is_full) return;
  connection->is_full = is_full;
  struct epoll_event event = {.events = EPOLLIN | (is_full ? EPOLLOUT : 0), .data.ptr = connection};
  epoll_ctl(run->queue, EPOLL_CTL_MOD, connection->socket, &event);
}

/// Sends what is due and fits into the window; -1 when the connection is lost.
static int send_some(struct run *run, struct connection *connection, int64_t now) {
  size_t step = run->load->connections, until = due(run, now);
  for (;;) {
    struct iovec parts[64];
    int count = 0;
    size_t request = connection->next, sent = connection->sent;
    while (count < 64 && request < until && (request - connection->answered) / step < run->load->window) {
      size_t from = start_of(run, request) + sent;
      parts[count].iov_base = (void *)(run->requests->bytes + from);
      parts[count].iov_len = run->requests->ends[request] - from;
      if (sent == 0)
        run->begun[request] =
            run->load->rate > 0 ? run->start + (int64_t)((double)request / run->load->rate * 1e9) : now;
      sent = 0;
      count++;
      request += step;
    }
    if (count == 0) return watch(run, connection, false), 0;
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)count};
    ssize_t done = sendmsg(connection->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (done < 0) return errno == EAGAIN ? (watch(run, connection, true), 0) : -1;
    run->result->bytes_out += (uint64_t)done;
    for (int i = 0; done > 0; i++) {
      if ((size_t)done < parts[i].iov_len) {
        connection->sent += (size_t)done;
        break;
      }
      done -= (ssize_t)parts[i].iov_len;
      connection->next += step;
      connection->sent = 0;
      run->result->sent++;
    }
  }
}

static int receive_some(struct run *run, struct connection *connection) {
  ssize_t got = answer_receive(&connection->reader, connection->socket);
  if (got <= 0) return got < 0 && errno == EAGAIN ? 0 : -1;
  run->result->bytes_in += (uint64_t)got;
  int64_t now = socket_now();
  struct answer answer;
  while (answer_next(&connection->reader, run->requests->framing, &answer)) {
    size_t request = connection->answered;
    connection->answered += run->load->connections;
    run->result->answered++;
    run->result->good += answer.is_good;
    run->result->shed += answer.is_shed;
    if (run->nanoseconds) run->nanoseconds[request] = answer.is_good ? now - run->begun[request] : -1;
  }
  return 0;
}

static int turn(struct run *run) {
  struct epoll_event events[256];
  // With a rate the next request is never far: looking again costs this processor only.
  int count = epoll_wait(run->queue, events, 256, run->load->rate > 0 ? 0 : 100);
  for (int i = 0; i < count; i++) {
    struct connection *connection = events[i].data.ptr;
    if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && receive_some(run, connection) != 0) return -1;
    if (send_some(run, connection, socket_now()) != 0) return -1;
  }
  if (run->load->rate <= 0) return 0;
  int64_t now = socket_now();
  for (size_t i = 0; i < run->load->connections; i++)
    if (!run->connections[i].is_full && send_some(run, &run->connections[i], now) != 0) return -1;
  return 0;
}

static int open_all(struct run *run, const char *path) {
  for (size_t i = 0; i < run->load->connections; i++) {
    struct connection *connection = &run->connections[i];
    connection->next = connection->answered = i;
    connection->socket = socket_open(path);
    if (connection->socket < 0) return -1;
    fcntl(connection->socket, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(run->queue, EPOLL_CTL_ADD, connection->socket, &event);
  }
  return 0;
}

static double processor_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int socket_load_run(
    const char *path, const struct socket_requests *requests, const struct socket_load *load,
    struct socket_load_result *result, int64_t *nanoseconds) {
  *result = (struct socket_load_result){0};
  struct run run = {
    .requests = requests, .load = load, .result = result, .nanoseconds = nanoseconds,
    .begun = calloc(requests->count, sizeof(int64_t)),
    .connections = calloc(load->connections, sizeof(struct connection)),
    .end = requests->count, .queue = epoll_create1(EPOLL_CLOEXEC)};
  if (!run.begun || !run.connections) abort();
  if (nanoseconds) for (size_t i = 0; i < requests->count; i++) nanoseconds[i] = -1;
  int status = open_all(&run, path);
  double processor = processor_seconds();
  run.start = socket_now();
  for (size_t i = 0; i < load->connections && status == 0 && load->rate <= 0; i++)
    status = send_some(&run, &run.connections[i], run.start);
  uint64_t answered = 0;
  int64_t heard = run.start;
  while (status == 0) {
    if (result->answered != answered) {
      answered = result->answered;
      heard = socket_now();
    } else if (socket_now() - heard > SILENCE_MAX) {
      status = -1;
      break;
    }
    if (load->seconds > 0 && run.end == requests->count
        && (double)(socket_now() - run.start) / 1e9 > load->seconds) {
      // What was begun is finished.
      run.end = 0;
      for (size_t i = 0; i < load->connections; i++) {
        size_t next = run.connections[i].next + (run.connections[i].sent > 0 ? 1 : 0);
        if (next > run.end) run.end = next < requests->count ? next : requests->count;
      }
    }
    if (result->answered == result->sent && due(&run, socket_now()) == run.end) {
      bool is_done = true;
      for (size_t i = 0; i < load->connections && is_done; i++) is_done = run.connections[i].next >= run.end;
      if (is_done) break;
    }
    status = turn(&run);
  }
  result->wall_seconds = (double)(socket_now() - run.start) / 1e9;
  result->processor_seconds = processor_seconds() - processor;
  for (size_t i = 0; i < load->connections; i++) {
    if (run.connections[i].socket > 0) close(run.connections[i].socket);
    answer_free(&run.connections[i].reader);
  }
  close(run.queue);
  free(run.begun);
  free(run.connections);
  return status;
}
