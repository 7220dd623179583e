/* Preloaded into a server: its writes into one folder fail as a disk's do, for as long as a switch says so.
 *
 * DISK_FOLDER is the folder. DISK_SWITCH is a file whose first letter says how: f - full, nothing grows;
 * r - read-only, nothing is written; s - what was written cannot be made durable. Without the file all is well. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#include <stdio.h>

static char fault(int fd) {
  const char *folder = getenv("DISK_FOLDER"), *path = getenv("DISK_SWITCH");
  char name[64], file[4096], letter = 0;
  int saved = errno;
  if (folder && path) {
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(name, file, sizeof file - 1);
    if (length > 0) {
      file[length] = 0;
      if (strncmp(file, folder, strlen(folder)) == 0) {
        int at = open(path, O_RDONLY | O_CLOEXEC);
        if (at >= 0) {
          if (read(at, &letter, 1) != 1) letter = 0;
          close(at);
        }
      }
    }
  }
  errno = saved;
  return letter;
}

static int refused(int fd, off_t end) {
  char letter = fault(fd);
  struct stat facts;
  if (letter == 'r') return EROFS;
  if (letter == 'f' && (fstat(fd, &facts) != 0 || end > facts.st_size)) return ENOSPC;
  return 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define REFUSE(error) do { int e = (error); if (e) { errno = e; return -1; } } while (0)

ssize_t write(int fd, const void *bytes, size_t count) {
  REFUSE(refused(fd, lseek(fd, 0, SEEK_CUR) + (off_t)count));
  return REAL(write)(fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  REFUSE(refused(fd, at + (off_t)count));
  return REAL(pwrite)(fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  REFUSE(refused(fd, (off_t)at + (off_t)count));
  return REAL(pwrite64)(fd, bytes, count, at);
}

int ftruncate(int fd, off_t length) {
  REFUSE(refused(fd, length));
  return REAL(ftruncate)(fd, length);
}

int ftruncate64(int fd, off64_t length) {
  REFUSE(refused(fd, (off_t)length));
  return REAL(ftruncate64)(fd, length);
}

int fsync(int fd) {
  char letter = fault(fd);
  REFUSE(letter == 's' || letter == 'r' ? EIO : 0);
  return REAL(fsync)(fd);
}

int fdatasync(int fd) {
  char letter = fault(fd);
  REFUSE(letter == 's' || letter == 'r' ? EIO : 0);
  return REAL(fdatasync)(fd);
}
