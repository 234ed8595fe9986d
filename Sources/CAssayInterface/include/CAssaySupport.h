// What the Swift side needs of C; not part of the interface.
#ifndef CASSAY_SUPPORT_H
#define CASSAY_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

#include "assay.h"

/// How many forks lie between this process and the one that asked first.
uint32_t cassay_forks(void);

/// A call of the interface begins; it waits while the process is forked.
void cassay_enter(void);

/// The call has ended.
void cassay_leave(void);

/// Whether this process, or one before it, was forked while a call was under way on another thread, which is not in the
/// child and may have held whatever the child would wait for.
int cassay_is_stranded(void);

/// A copy of `length` bytes with a NUL behind them, for `assay_free`; NULL when there is no memory.
char *cassay_text(const uint8_t *bytes, size_t length);

/// Reads options of any size a caller may know, as far as this library knows them. Returns 0; 1 where `size` cannot be
/// a size of options; 2 where what this library does not know is not zero.
int cassay_read_options(const assay_options *from, assay_options *to);

/// Runs `body` on a new thread that takes none of the host's signals, and that no SIGPIPE can end. Returns 0, or the
/// `errno` of the failure, also where there are no descriptors left for what an event loop opens.
int cassay_start_thread(void (*body)(void *), void *context, uintptr_t *thread);

/// Waits for the end of a thread.
void cassay_join_thread(uintptr_t thread);

#endif
