// How the client writes the commands of each layout, by hand into one buffer.
#define _GNU_SOURCE
#include "Client.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct field take(const uint8_t **next) {
  struct field field;
  memcpy(&field.count, *next, 4);
  field.bytes = *next + 4;
  *next += 4 + field.count;
  return field;
}

static void take_decision(struct client *client, struct decision *decision) {
  decision->id_key = take(&client->next);
  decision->claim = take(&client->next);
  decision->remembered = take(&client->next);
  for (int index = 0; index < entities_max; index++) {
    struct part *part = &decision->parts[index];
    memcpy(&part->entity, client->next, 4);
    client->next += 4;
    part->key = take(&client->next);
    part->record = take(&client->next);
    memcpy(&part->time, client->next, 8);
    memcpy(&part->amount, client->next + 8, 8);
    client->next += 16;
  }
}

static void reserve(struct client *client, size_t count) {
  size_t used = client->out_end - client->out;
  if (used + count <= client->out_capacity) return;
  client->out_capacity = (used + count) * 2;
  client->out = realloc(client->out, client->out_capacity);
  client->out_end = client->out + used;
}

static uint8_t *digits(uint8_t *out, int64_t number) {
  uint8_t room[24], *start = room + sizeof room;
  uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
  do {
    *--start = '0' + rest % 10;
    rest /= 10;
  } while (rest);
  if (number < 0) *--start = '-';
  size_t count = room + sizeof room - start;
  memcpy(out, start, count);
  return out + count;
}

static uint8_t *bulk(uint8_t *out, const void *bytes, size_t count) {
  *out++ = '$';
  out = digits(out, count);
  *out++ = '\r';
  *out++ = '\n';
  memcpy(out, bytes, count);
  out += count;
  *out++ = '\r';
  *out++ = '\n';
  return out;
}

static uint8_t *number(uint8_t *out, int64_t value) {
  uint8_t room[24];
  return bulk(out, room, digits(room, value) - room);
}

#define TEXT(out, words) (memcpy(out, words, sizeof words - 1), out + sizeof words - 1)

static void claim(struct client *client, const struct decision *decision) {
  uint8_t *out = TEXT(client->out_end, "*7\r\n$3\r\nSET\r\n");
  out = bulk(out, decision->id_key.bytes, decision->id_key.count);
  out = bulk(out, decision->claim.bytes, decision->claim.count);
  out = TEXT(out, "$2\r\nNX\r\n$3\r\nGET\r\n$2\r\nPX\r\n");
  client->out_end = number(out, 608400000);
}

void assay_load_remember(struct client *client, const struct decision *decision) {
  reserve(client, decision->id_key.count + decision->remembered.count + 128);
  uint8_t *out = TEXT(client->out_end, "*5\r\n$3\r\nSET\r\n");
  out = bulk(out, decision->id_key.bytes, decision->id_key.count);
  out = bulk(out, decision->remembered.bytes, decision->remembered.count);
  client->out_end = TEXT(out, "$2\r\nXX\r\n$7\r\nKEEPTTL\r\n");
}

static void expire(struct client *client, const struct part *part) {
  uint8_t *out = TEXT(client->out_end, "*3\r\n$7\r\nPEXPIRE\r\n");
  out = bulk(out, part->key.bytes, part->key.count);
  client->out_end = number(out, 760560000);
}

static int log_part(struct client *client, const struct part *part, bool *renews) {
  struct entity *entity = &client->entities[part->entity];
  uint8_t *out = TEXT(client->out_end, "*3\r\n$6\r\nAPPEND\r\n");
  out = bulk(out, part->key.bytes, part->key.count);
  out = bulk(out, part->record.bytes, part->record.count);
  out = TEXT(out, "*4\r\n$8\r\nGETRANGE\r\n");
  out = bulk(out, part->key.bytes, part->key.count);
  out = number(out, entity->last_start);
  client->out_end = TEXT(out, "$2\r\n-1\r\n");
  *renews = entity->length == 0;
  if (*renews) expire(client, part);
  return *renews ? 3 : 2;
}

static int stream_part(struct client *client, const struct part *part, bool *renews) {
  struct entity *entity = &client->entities[part->entity];
  uint8_t *out = TEXT(client->out_end, "*5\r\n$4\r\nXADD\r\n");
  out = bulk(out, part->key.bytes, part->key.count);
  out = TEXT(out, "$1\r\n*\r\n$1\r\nr\r\n");
  out = bulk(out, part->record.bytes, part->record.count);
  out = TEXT(out, "*4\r\n$6\r\nXRANGE\r\n");
  out = bulk(out, part->key.bytes, part->key.count);
  out = bulk(out, entity->length ? entity->last_id : "-", entity->length ? entity->last_id_count : 1);
  client->out_end = TEXT(out, "$1\r\n+\r\n");
  *renews = entity->length == 0;
  if (*renews) expire(client, part);
  return *renews ? 3 : 2;
}

// The windows of the buckets: count over an hour, sum over a day, sum and count over a week, for the mean.
static const struct {
  char name;
  int64_t width;
  int values;
} windows[] = {{'h', 360000, 1}, {'d', 8640000, 1}, {'w', 60480000, 2}};

static size_t bucket_key(uint8_t *room, const struct part *part, char window, int value, int64_t bucket) {
  uint8_t *end = room;
  memcpy(end, part->key.bytes, part->key.count);
  end += part->key.count;
  *end++ = window;
  *end++ = '0' + value;
  return digits(end, bucket) - room;
}

static int bucket_part(struct client *client, const struct part *part) {
  uint8_t key[512];
  uint8_t *out = client->out_end;
  int commands = 0;
  for (int window = 0; window < 3; window++) {
    int64_t bucket = part->time / windows[window].width;
    for (int value = 0; value < windows[window].values; value++) {
      size_t count = bucket_key(key, part, windows[window].name, value, bucket);
      out = TEXT(out, "*3\r\n$6\r\nINCRBY\r\n");
      out = bulk(out, key, count);
      out = number(out, window == 0 || value == 1 ? 1 : part->amount);
      out = TEXT(out, "*3\r\n$7\r\nPEXPIRE\r\n");
      out = bulk(out, key, count);
      out = number(out, windows[window].width * 11);
      commands += 2;
    }
    out = windows[window].values == 1 ? TEXT(out, "*11\r\n$4\r\nMGET\r\n") : TEXT(out, "*21\r\n$4\r\nMGET\r\n");
    for (int value = 0; value < windows[window].values; value++)
      for (int back = 0; back < 10; back++)
        out = bulk(out, key, bucket_key(key, part, windows[window].name, value, bucket - back));
    commands++;
  }
  client->out_end = out;
  return commands;
}

static int sorted_set_part(struct client *client, const struct part *part, const struct decision *decision) {
  uint8_t member[512], *end = digits(member, part->amount);
  *end++ = ':';
  memcpy(end, decision->id_key.bytes, decision->id_key.count);
  end += decision->id_key.count;
  uint8_t *out = TEXT(client->out_end, "*6\r\n$7\r\nEVALSHA\r\n");
  out = bulk(out, client->load->script, 40);
  out = TEXT(out, "$1\r\n1\r\n");
  out = bulk(out, part->key.bytes, part->key.count);
  out = number(out, part->time);
  client->out_end = bulk(out, member, end - member);
  return 1;
}

void assay_load_start(struct client *client) {
  struct group *group = &client->ring[client->tail++ & client->ring_mask];
  struct decision *decision = &group->decision;
  take_decision(client, decision);
  if (client->latencies) decision->sent_at = assay_load_nanoseconds(CLOCK_MONOTONIC);
  reserve(client, 16384);
  int commands = 1;
  claim(client, decision);
  for (int index = 0; index < entities_max; index++) {
    const struct part *part = &decision->parts[index];
    group->renews[index] = false;
    switch (client->load->layout) {
      case ASSAY_LAYOUT_LOG: commands += log_part(client, part, &group->renews[index]); break;
      case ASSAY_LAYOUT_STREAM: commands += stream_part(client, part, &group->renews[index]); break;
      case ASSAY_LAYOUT_BUCKETS: commands += bucket_part(client, part); break;
      case ASSAY_LAYOUT_SORTED_SETS: commands += sorted_set_part(client, part, decision); break;
    }
  }
  group->replies = commands;
  group->received = 0;
  group->is_aside = false;
  client->started++;
  client->open++;
  client->result->commands += group->replies;
}
