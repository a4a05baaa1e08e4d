// A camera where there is none: preloaded into a program, it makes /dev/video0 out of a file.
//
//   WARIFU_CAMERA        the file of the present frame: JPEG, or YUYV of 1280 by 720. It may be replaced at any time; with the file gone,
//                        the camera is unplugged. A file beside it, with .errno behind the name, holds the number with which opening fails.
//   WARIFU_CAMERA_LOG    what is done with the camera, a word a line: open, on, off, close.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WIDTH = 1280, HEIGHT = 720, SIZE = WIDTH * HEIGHT * 2, BUFFERS = 4, BETWEEN_FRAMES_US = 33000 };
static const char NODE[] = "/dev/video0";

static int camera = -1;
static DIR *devices;
static int listed, on, count;
static uint32_t format;
static uint32_t queue[BUFFERS];
static int queued;

static long (*plain_syscall)(long, ...);
static int (*plain_open)(const char *, int, ...);
static int (*plain_close)(int);
static int (*plain_poll)(struct pollfd *, nfds_t, int);
static DIR *(*plain_opendir)(const char *);
static struct dirent *(*plain_readdir)(DIR *);
static int (*plain_closedir)(DIR *);

__attribute__((constructor)) static void begin(void) {
  plain_syscall = dlsym(RTLD_NEXT, "syscall");
  plain_open = dlsym(RTLD_NEXT, "open");
  plain_close = dlsym(RTLD_NEXT, "close");
  plain_poll = dlsym(RTLD_NEXT, "poll");
  plain_opendir = dlsym(RTLD_NEXT, "opendir");
  plain_readdir = dlsym(RTLD_NEXT, "readdir64");
  plain_closedir = dlsym(RTLD_NEXT, "closedir");
}

static void say(const char *word) {
  const char *path = getenv("WARIFU_CAMERA_LOG");
  int log = path ? plain_open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
  if (log >= 0) {
    dprintf(log, "%s\n", word);
    plain_close(log);
  }
}

static int fail(int number) {
  errno = number;
  return -1;
}

static int refusal(void) {
  char path[4096], text[16] = "";
  snprintf(path, sizeof path, "%s.errno", getenv("WARIFU_CAMERA"));
  int file = plain_open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t length = read(file, text, sizeof text - 1);
  plain_close(file);
  return length > 0 ? atoi(text) : 0;
}

// Puts the present frame into a buffer. Its length, or -1 if the camera is gone.
static ssize_t frame(uint32_t index) {
  int file = plain_open(getenv("WARIFU_CAMERA"), O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  static unsigned char bytes[SIZE];
  ssize_t length = 0, more;
  while (length < SIZE && (more = read(file, bytes + length, SIZE - length)) > 0) length += more;
  plain_close(file);
  return pwrite(camera, bytes, length, (off_t)index * SIZE);
}

static uint32_t present_format(void) {
  unsigned char start[2] = {0};
  int file = plain_open(getenv("WARIFU_CAMERA"), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t length = read(file, start, 2);
  plain_close(file);
  return length == 2 && start[0] == 0xff && start[1] == 0xd8 ? V4L2_PIX_FMT_MJPEG : V4L2_PIX_FMT_YUYV;
}

static int open_camera(void) {
  int number = refusal();
  if (number) return fail(number);
  format = present_format();
  if (!format) return fail(ENOENT);
  camera = memfd_create("warifu-test-camera", MFD_CLOEXEC);
  if (camera < 0 || ftruncate(camera, (off_t)SIZE * BUFFERS) < 0) return -1;
  on = queued = count = 0;
  say("open");
  return camera;
}

static int answer(unsigned long request, void *argument) {
  switch ((uint32_t)request) {
    case VIDIOC_QUERYCAP: {
      struct v4l2_capability *about = argument;
      memset(about, 0, sizeof *about);
      strcpy((char *)about->driver, "preload");
      strcpy((char *)about->card, "Paper Camera");
      about->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
      about->capabilities = about->device_caps | V4L2_CAP_DEVICE_CAPS;
      return 0;
    }
    case VIDIOC_ENUM_FMT: {
      struct v4l2_fmtdesc *one = argument;
      if (one->index > 0) return fail(EINVAL);
      one->pixelformat = format;
      return 0;
    }
    case VIDIOC_ENUM_FRAMESIZES: {
      struct v4l2_frmsizeenum *one = argument;
      static const uint32_t sizes[][2] = {{640, 360}, {WIDTH, HEIGHT}, {1920, 1080}};
      if (one->index >= 3) return fail(EINVAL);
      one->type = V4L2_FRMSIZE_TYPE_DISCRETE;
      one->discrete.width = sizes[one->index][0];
      one->discrete.height = sizes[one->index][1];
      return 0;
    }
    case VIDIOC_G_FMT:
    case VIDIOC_S_FMT: {
      struct v4l2_format *all = argument;
      // Asked for anything else, it does not work: then the program has chosen badly.
      if ((uint32_t)request == VIDIOC_S_FMT && (all->fmt.pix.width != WIDTH || all->fmt.pix.height != HEIGHT)) return fail(EINVAL);
      all->fmt.pix = (struct v4l2_pix_format){.width = WIDTH, .height = HEIGHT, .pixelformat = format, .field = V4L2_FIELD_NONE,
        .bytesperline = format == V4L2_PIX_FMT_YUYV ? WIDTH * 2 : 0, .sizeimage = SIZE};
      return 0;
    }
    case VIDIOC_REQBUFS: {
      struct v4l2_requestbuffers *all = argument;
      if (all->count > BUFFERS) all->count = BUFFERS;
      count = all->count;
      return 0;
    }
    case VIDIOC_QUERYBUF: {
      struct v4l2_buffer *one = argument;
      one->length = SIZE;
      one->m.offset = one->index * SIZE;
      return 0;
    }
    case VIDIOC_QBUF: {
      struct v4l2_buffer *one = argument;
      if (one->index >= (uint32_t)count || queued == BUFFERS) return fail(EINVAL);
      queue[queued++] = one->index;
      return 0;
    }
    case VIDIOC_DQBUF: {
      struct v4l2_buffer *one = argument;
      if (!on || queued == 0) return fail(EINVAL);
      ssize_t length = frame(queue[0]);
      if (length < 0) return fail(ENODEV);
      one->index = queue[0];
      one->bytesused = length;
      one->flags = 0;
      memmove(queue, queue + 1, --queued * sizeof *queue);
      return 0;
    }
    case VIDIOC_STREAMON:
      on = 1;
      say("on");
      return 0;
    case VIDIOC_STREAMOFF:
      if (on) say("off");
      on = queued = 0;
      return 0;
    default:
      return fail(ENOTTY);
  }
}

// The functions that are stood in for.

long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long a[6];
  for (int i = 0; i < 6; i += 1) a[i] = va_arg(list, long);
  va_end(list);
  if (number == SYS_ioctl && camera >= 0 && (int)a[0] == camera) return answer((unsigned long)a[1], (void *)a[2]);
  if (!plain_syscall) plain_syscall = dlsym(RTLD_NEXT, "syscall");
  return plain_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int ioctl(int file, unsigned long request, ...) {
  va_list list;
  va_start(list, request);
  void *argument = va_arg(list, void *);
  va_end(list);
  if (camera >= 0 && file == camera) return answer(request, argument);
  return syscall(SYS_ioctl, (long)file, request, argument, 0L, 0L, 0L);
}

static int open_any(const char *path, int flags, va_list list) {
  mode_t mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(list, mode_t) : 0;
  if (strcmp(path, NODE) == 0) return open_camera();
  if (!plain_open) plain_open = dlsym(RTLD_NEXT, "open");
  return plain_open(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  int file = open_any(path, flags, list);
  va_end(list);
  return file;
}

int open64(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  int file = open_any(path, flags | O_LARGEFILE, list);
  va_end(list);
  return file;
}

int close(int file) {
  if (camera >= 0 && file == camera) {
    camera = -1;
    say("close");
  }
  if (!plain_close) plain_close = dlsym(RTLD_NEXT, "close");
  return plain_close(file);
}

int poll(struct pollfd *files, nfds_t number, int limit) {
  if (camera >= 0 && number == 1 && files[0].fd == camera) {
    usleep(BETWEEN_FRAMES_US);
    files[0].revents = POLLIN;
    return 1;
  }
  if (!plain_poll) plain_poll = dlsym(RTLD_NEXT, "poll");
  return plain_poll(files, number, limit);
}

DIR *opendir(const char *path) {
  if (!plain_opendir) plain_opendir = dlsym(RTLD_NEXT, "opendir");
  DIR *opened = plain_opendir(path);
  if (strcmp(path, "/dev") == 0) {
    devices = opened;
    listed = 0;
  }
  return opened;
}

struct dirent64 *readdir64(DIR *folder) {
  static struct dirent64 node = {.d_type = DT_CHR, .d_name = "video0"};
  if (!plain_readdir) plain_readdir = dlsym(RTLD_NEXT, "readdir64");
  if (folder == devices && !listed++ && getenv("WARIFU_CAMERA") && access(getenv("WARIFU_CAMERA"), F_OK) == 0) return &node;
  return (struct dirent64 *)plain_readdir(folder);
}

int closedir(DIR *folder) {
  if (folder == devices) devices = NULL;
  if (!plain_closedir) plain_closedir = dlsym(RTLD_NEXT, "closedir");
  return plain_closedir(folder);
}
