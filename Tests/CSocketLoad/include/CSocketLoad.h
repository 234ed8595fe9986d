#pragma once
#include <stddef.h>
#include <stdint.h>

/// How answers are told apart.
enum socket_framing {
  /// A line each.
  SOCKET_LINES,
  /// HTTP/1.1 responses with a `content-length`.
  SOCKET_HTTP,
};

/// Requests: request `i` is `bytes[ends[i - 1]..<ends[i]]`, beginning at 0.
struct socket_requests {
  const uint8_t *bytes;
  const size_t *ends;
  size_t count;
  enum socket_framing framing;
};

/// What a load is sent with.
struct socket_load {
  size_t connections;
  /// Requests that a connection may have unanswered.
  size_t window;
  /// Requests a second in sum, sent when they are due whether or not earlier ones are answered; 0 sends as the windows
  /// allow.
  double rate;
  /// Stops sending after so many seconds; 0 sends all.
  double seconds;
};

/// What came of it.
struct socket_load_result {
  double wall_seconds;
  /// Of the thread that made the load: what the generator costs.
  double processor_seconds;
  uint64_t sent;
  uint64_t answered;
  /// Answers that decide and are not degraded.
  uint64_t good;
  /// Answers that say that there is too much to do: 503.
  uint64_t shed;
  uint64_t bytes_out;
  uint64_t bytes_in;
};

/// Connects to the Unix socket at `path`, blocking; -1 when that fails.
int socket_open(const char *path);

/// Binds the calling thread, and those that it will start, to one processor.
void socket_use_core(int core);

/// Sends requests one after the other over a connection to the Unix socket at `path` and waits for each answer, as
/// plainly as C can. Stores what each took, in nanoseconds, and how long its answer was, in bytes.
///
/// Returns 0, or -1 when the connection failed.
int socket_ping(
    const char *path, const struct socket_requests *requests, int64_t *nanoseconds, size_t *answer_bytes);

/// The same bytes to and fro with a process on the processor `core` that waits in `epoll` and does nothing but answer:
/// what a round trip costs before any work is done.
int socket_bare_ping(
    const struct socket_requests *requests, const size_t *answer_bytes, int core, int64_t *nanoseconds);

/// Sends requests over many connections at once from this thread. Request `i` goes over connection `i % connections`.
/// With `nanoseconds`, what each answered request took is stored there (from the time when it was due, where there is a
/// rate), and -1 where it was not answered well.
int socket_load_run(
    const char *path, const struct socket_requests *requests, const struct socket_load *load,
    struct socket_load_result *result, int64_t *nanoseconds);
