// The parts of posix_spawn that Glibc shows only with this feature flag, which the Swift importer does not set.
#define _GNU_SOURCE
#include "CSpawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

static int add_files(posix_spawn_file_actions_t *actions, const char *folder, int input, int output) {
  int status = posix_spawn_file_actions_addchdir_np(actions, folder);
  if (status != 0) return status;
  status = input >= 0 ? posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO)
                      : posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (status != 0) return status;
  status = output >= 0 ? posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO)
                       : posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  if (status != 0) return status;
  status = posix_spawn_file_actions_adddup2(actions, STDOUT_FILENO, STDERR_FILENO);
  if (status != 0) return status;
  return posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

int assay_spawn(
  char *const *arguments, char *const *environment, const char *folder, int input, int output, int *process) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  pid_t id = 0;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(
    &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  int status = add_files(&actions, folder, input, output);
  if (status == 0) status = posix_spawnp(&id, arguments[0], &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  *process = (int)id;
  return status;
}
