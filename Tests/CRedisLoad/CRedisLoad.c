// What a careful C program would do with the same windows: commands formatted by hand into one buffer, one write for all
// that is ready, replies parsed in place.
#define _GNU_SOURCE
#include "Client.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { in_bytes_max = 1 << 22 };

int64_t assay_load_nanoseconds(int clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// The end of the reply at `start`, or NULL when it is not whole. Sets what it says: the number and the bytes of the
/// first string in it.
static const uint8_t *reply(
    const uint8_t *start, const uint8_t *end, int64_t *value, struct field *text) {
  const uint8_t *place = start + 1;
  int64_t sign = 1, sum = 0;
  if (end - start < 4) return NULL;
  if (*start == '+' || *start == '-') {
    place = memchr(start, '\n', end - start);
    return place ? place + 1 : NULL;
  }
  if (*place == '-') {
    sign = -1;
    place++;
  }
  while (place < end && *place != '\r') sum = sum * 10 + (*place++ - '0');
  if (end - place < 2) return NULL;
  place += 2;
  sum *= sign;
  *value = sum;
  if (*start == ':') return place;
  if (*start == '$') {
    if (sum < 0) return place;
    if (end - place < sum + 2) return NULL;
    text->bytes = place;
    text->count = sum;
    return place + sum + 2;
  }
  for (int64_t index = 0; index < sum; index++) {
    struct field inner = {0};
    place = reply(place, end, value, &inner);
    if (!place) return NULL;
    if (inner.count) *text = inner;
  }
  return place;
}

/// Takes what a reply says of an entity's log or stream; false when it is not what was expected.
static bool learn(struct client *client, struct group *group, int number, int64_t value, struct field text) {
  bool is_stream = client->load->layout == ASSAY_LAYOUT_STREAM;
  int place = 1;
  for (int index = 0; index < entities_max; index++) {
    const struct part *part = &group->decision.parts[index];
    struct entity *entity = &client->entities[part->entity];
    if (number == place && is_stream) {
      if (text.count == 0 || text.count > sizeof entity->last_id) return false;
      memcpy(entity->last_id, text.bytes, text.count);
      entity->last_id_count = text.count;
      entity->length = 1;
      return true;
    }
    if (number == place) {
      if (value > entity->length) {
        entity->length = value;
        entity->last_start = value - part->record.count;
      }
      return value >= (int64_t)part->record.count;
    }
    if (number == place + 1) {
      if (is_stream) return text.count > 0;
      const uint8_t *own = text.bytes + text.count - part->record.count;
      return text.count >= part->record.count && memcmp(own, part->record.bytes, part->record.count) == 0;
    }
    place += group->renews[index] ? 3 : 2;
    if (number < place) return true;
  }
  return true;
}

static void finish(struct client *client, struct group *group) {
  client->head++;
  if (group->is_aside) return;
  size_t number = client->finished++;
  client->open--;
  if (client->latencies && number >= client->load->first_measured)
    client->latencies[number - client->load->first_measured] =
        assay_load_nanoseconds(CLOCK_MONOTONIC) - group->decision.sent_at;
  struct group *aside = &client->ring[client->tail++ & client->ring_mask];
  assay_load_remember(client, &group->decision);
  aside->is_aside = true;
  aside->replies = 1;
  aside->received = 0;
  client->result->commands++;
}

static int receive(struct client *client) {
  while (client->head != client->tail) {
    struct group *group = &client->ring[client->head & client->ring_mask];
    const uint8_t *start = client->in + client->in_start;
    const uint8_t *end = client->in + client->in_end;
    int64_t value = 0;
    struct field text = {0};
    const uint8_t *next = reply(start, end, &value, &text);
    if (!next) break;
    if (*start == '-') return -3;
    int number = group->received++;
    bool is_log = client->load->layout == ASSAY_LAYOUT_LOG || client->load->layout == ASSAY_LAYOUT_STREAM;
    if (!group->is_aside && is_log && !learn(client, group, number, value, text)) return -3;
    client->in_start += next - start;
    if (group->received == group->replies) finish(client, group);
  }
  size_t left = client->in_end - client->in_start;
  memmove(client->in, client->in + client->in_start, left);
  client->in_start = 0;
  client->in_end = left;
  return 0;
}

static int flush(struct client *client) {
  uint8_t *place = client->out;
  while (place < client->out_end) {
    ssize_t count = send(client->socket, place, client->out_end - place, MSG_NOSIGNAL);
    if (count <= 0) return -2;
    place += count;
    client->result->bytes_out += count;
  }
  client->out_end = client->out;
  return 0;
}

static int fill(struct client *client) {
  size_t room = in_bytes_max - client->in_end;
  ssize_t count = recv(client->socket, client->in + client->in_end, room, 0);
  if (count <= 0) return -2;
  client->in_end += count;
  client->result->bytes_in += count;
  return 0;
}

static int run(struct client *client) {
  const struct assay_load *load = client->load;
  int64_t wall = 0, processor = 0;
  bool is_measuring = false;
  while (client->finished < load->count || client->head != client->tail) {
    if (!is_measuring && client->finished >= load->first_measured) {
      is_measuring = true;
      *client->result = (struct assay_load_result){0};
      wall = assay_load_nanoseconds(CLOCK_MONOTONIC);
      processor = assay_load_nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    }
    while (client->open < load->in_flight && client->started < load->count) assay_load_start(client);
    int status = flush(client);
    if (status == 0) status = fill(client);
    if (status == 0) status = receive(client);
    if (status != 0) return status;
  }
  client->result->wall_seconds = (assay_load_nanoseconds(CLOCK_MONOTONIC) - wall) / 1e9;
  client->result->processor_seconds = (assay_load_nanoseconds(CLOCK_THREAD_CPUTIME_ID) - processor) / 1e9;
  return 0;
}

int assay_load_run(
    const char *path, const struct assay_load *load, struct assay_load_result *result, int64_t *latencies) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  struct client client = {
      .socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), .load = load, .result = result,
      .next = load->bytes, .latencies = latencies};
  if (connect(client.socket, (struct sockaddr *)&address, sizeof address) != 0) {
    close(client.socket);
    return -1;
  }
  size_t places = 4;
  while (places < load->in_flight * 4) places *= 2;
  client.ring_mask = places - 1;
  client.ring = calloc(places, sizeof *client.ring);
  client.entities = calloc(load->entity_count, sizeof *client.entities);
  client.in = malloc(in_bytes_max);
  *result = (struct assay_load_result){0};
  int status = run(&client);
  close(client.socket);
  free(client.ring);
  free(client.entities);
  free(client.in);
  free(client.out);
  return status;
}
