// `struct ucred` is behind this switch, and Swift's module of the C library does not have it at all.
#define _GNU_SOURCE
#include "CSockets.h"

#include <errno.h>
#include <sys/socket.h>

int assay_peer_user(int descriptor, uint32_t *user) {
  struct ucred peer;
  socklen_t length = sizeof peer;
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) { return errno; }
  *user = peer.uid;
  return 0;
}
