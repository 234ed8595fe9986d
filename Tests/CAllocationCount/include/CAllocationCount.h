#pragma once
#include <stdint.h>

/// How often the process has allocated since it began (malloc, calloc, realloc, aligned variants), on all threads.
uint64_t allocation_count(void);

/// How many bytes of allocated blocks are in use now, as the C library accounts for them (bookkeeping included).
uint64_t allocated_bytes(void);
