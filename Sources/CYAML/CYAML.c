#include "CYAML.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct cyaml_parser {
  yaml_parser_t parser;
  // The event whose scalar bytes are lent to the caller.
  yaml_event_t event;
  int holds_event;
};

cyaml_parser *cyaml_parser_new(const unsigned char *bytes, size_t length) {
  cyaml_parser *self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  if (!yaml_parser_initialize(&self->parser)) {
    free(self);
    return NULL;
  }
  yaml_parser_set_encoding(&self->parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&self->parser, bytes, length);
  return self;
}

static void release_event(cyaml_parser *self) {
  if (self->holds_event) yaml_event_delete(&self->event);
  self->holds_event = 0;
}

void cyaml_parser_free(cyaml_parser *self) {
  release_event(self);
  yaml_parser_delete(&self->parser);
  free(self);
}

static void describe_problem(const yaml_parser_t *parser, cyaml_event *out) {
  out->kind = parser->error == YAML_MEMORY_ERROR ? CYAML_OUT_OF_MEMORY : CYAML_SYNTAX_ERROR;
  out->problem = parser->problem;
  out->context = parser->context;
  out->start = out->end = parser->problem_mark.index;
  out->context_start = parser->context_mark.index;
}

static cyaml_style style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return CYAML_SINGLE_QUOTED;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return CYAML_DOUBLE_QUOTED;
    case YAML_LITERAL_SCALAR_STYLE: return CYAML_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE: return CYAML_FOLDED;
    default: return CYAML_PLAIN;
  }
}

static void describe_event(const yaml_event_t *event, cyaml_event *out) {
  out->start = event->start_mark.index;
  out->end = event->end_mark.index;
  switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
      out->kind = CYAML_DOCUMENT_START;
      out->is_explicit = !event->data.document_start.implicit;
      out->has_directive =
          event->data.document_start.version_directive != NULL ||
          event->data.document_start.tag_directives.start != event->data.document_start.tag_directives.end;
      break;
    case YAML_DOCUMENT_END_EVENT: out->kind = CYAML_DOCUMENT_END; break;
    case YAML_ALIAS_EVENT: out->kind = CYAML_ALIAS; break;
    case YAML_SCALAR_EVENT:
      out->kind = CYAML_SCALAR;
      out->style = style_of(event->data.scalar.style);
      out->value = event->data.scalar.value;
      out->value_length = event->data.scalar.length;
      out->has_anchor = event->data.scalar.anchor != NULL;
      out->has_tag = event->data.scalar.tag != NULL;
      break;
    case YAML_SEQUENCE_START_EVENT:
      out->kind = CYAML_SEQUENCE_START;
      out->has_anchor = event->data.sequence_start.anchor != NULL;
      out->has_tag = event->data.sequence_start.tag != NULL;
      out->is_flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
      break;
    case YAML_SEQUENCE_END_EVENT: out->kind = CYAML_SEQUENCE_END; break;
    case YAML_MAPPING_START_EVENT:
      out->kind = CYAML_MAPPING_START;
      out->has_anchor = event->data.mapping_start.anchor != NULL;
      out->has_tag = event->data.mapping_start.tag != NULL;
      out->is_flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
      break;
    case YAML_MAPPING_END_EVENT: out->kind = CYAML_MAPPING_END; break;
    default: out->kind = CYAML_STREAM_END; break;
  }
}

void cyaml_parser_next(cyaml_parser *self, cyaml_event *out) {
  do {
    release_event(self);
    memset(out, 0, sizeof *out);
    if (!yaml_parser_parse(&self->parser, &self->event)) {
      describe_problem(&self->parser, out);
      return;
    }
    self->holds_event = 1;
  } while (self->event.type == YAML_STREAM_START_EVENT);
  describe_event(&self->event, out);
}
