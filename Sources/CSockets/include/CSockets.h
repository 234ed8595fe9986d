#ifndef CSOCKETS_H
#define CSOCKETS_H

#include <stdint.h>

/// Asks the kernel who is at the other end of a connected Unix socket. Returns 0, or the `errno` of the failure.
int assay_peer_user(int descriptor, uint32_t *user);

#endif
