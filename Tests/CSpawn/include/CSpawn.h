#ifndef ASSAY_CSPAWN_H
#define ASSAY_CSPAWN_H

/// Starts `arguments` (found on the path) in `folder`, in a session of its own, with default signals, the given standard
/// input, output as standard output and error (-1: nothing), and no other open file. Returns 0 and the process's id, or
/// an errno.
int assay_spawn(
  char *const *arguments, char *const *environment, const char *folder, int input, int output, int *process);

#endif
