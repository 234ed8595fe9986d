// What the parts of the load client share.
#pragma once
#include "CRedisLoad.h"

#include <stdbool.h>

enum { entities_max = 4 };

struct field {
  const uint8_t *bytes;
  uint32_t count;
};

struct part {
  uint32_t entity;
  struct field key, record;
  int64_t time, amount;
};

struct decision {
  struct field id_key, claim, remembered;
  struct part parts[entities_max];
  int64_t sent_at;
};

/// What is known of an entity's log.
struct entity {
  int64_t length, last_start;
  char last_id[40];
  uint32_t last_id_count;
};

/// Commands that wait for replies, in order: a decision's, or the one that remembers it.
struct group {
  struct decision decision;
  int replies, received;
  bool is_aside;
  /// The entities whose expiry was renewed along with it.
  bool renews[entities_max];
};

struct client {
  int socket;
  const struct assay_load *load;
  struct assay_load_result *result;
  const uint8_t *next;
  struct entity *entities;
  struct group *ring;
  size_t ring_mask, head, tail;
  size_t started, finished, open;
  uint8_t *out, *out_end;
  size_t out_capacity;
  uint8_t *in;
  size_t in_start, in_end;
  int64_t *latencies;
};

int64_t assay_load_nanoseconds(int clock);

/// Takes the next decision of the load and writes its commands.
void assay_load_start(struct client *client);

/// Writes the command that remembers a decision.
void assay_load_remember(struct client *client, const struct decision *decision);
