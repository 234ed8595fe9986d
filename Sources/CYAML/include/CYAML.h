// The narrow door to libyaml: a parser over bytes in memory that hands out one flat event after the other.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef enum {
  CYAML_STREAM_END = 0,
  CYAML_DOCUMENT_START,
  CYAML_DOCUMENT_END,
  CYAML_ALIAS,
  CYAML_SCALAR,
  CYAML_SEQUENCE_START,
  CYAML_SEQUENCE_END,
  CYAML_MAPPING_START,
  CYAML_MAPPING_END,
  CYAML_SYNTAX_ERROR,
  CYAML_OUT_OF_MEMORY
} cyaml_kind;

typedef enum { CYAML_PLAIN = 0, CYAML_SINGLE_QUOTED, CYAML_DOUBLE_QUOTED, CYAML_LITERAL, CYAML_FOLDED } cyaml_style;

typedef struct {
  cyaml_kind kind;
  // Places in characters (not bytes) from the start of the text.
  size_t start, end;
  // Of a scalar; the bytes live until the next call.
  cyaml_style style;
  const unsigned char *value;
  size_t value_length;
  int has_anchor, has_tag;
  // Of a sequence or mapping: written with brackets or braces.
  int is_flow;
  // Of the start of a document.
  int has_directive, is_explicit;
  // Of a syntax error: libyaml's constant texts, `context` may be NULL; `start` is the problem's place.
  const char *problem, *context;
  size_t context_start;
} cyaml_event;

typedef struct cyaml_parser cyaml_parser;

// `bytes` must be UTF-8 and outlive the parser. NULL when memory is short.
cyaml_parser *cyaml_parser_new(const unsigned char *bytes, size_t length);
// Writes the next event. After a stream end or an error there is nothing more to ask for.
void cyaml_parser_next(cyaml_parser *parser, cyaml_event *out);
void cyaml_parser_free(cyaml_parser *parser);
