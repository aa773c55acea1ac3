/* SPDX-License-Identifier: EUPL-1.2 */
/* Host tool: makes the table of embedded files.
 *   sha256sum FILES... | embed OUTDIR
 * writes OUTDIR/embed_data.S (the bytes, by .incbin), OUTDIR/embed_table.c (the table for src/base/embed.c) and
 * OUTDIR/embed/PATH.gz for texts that get clearly smaller. The hash comes from coreutils, so no own SHA-256 is needed.
 * A path below OUTDIR/ (a generated file) is embedded under its name without that part. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { HASH_LEN = 64, TAG_LEN = 16, PATH_ROOM = 1024, GZIP_MIN = 512 };

typedef struct File {
  char *disk;         /* where the bytes are now */
  const char *name;   /* the name inside the program; part of disk */
  char tag[TAG_LEN + 1];
  long size;          /* bytes */
  long gzip_size;     /* bytes; 0 when there is no compressed form */
} File;

typedef struct List {
  File *items;
  size_t count, cap;
} List;

static void fail(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fputs("embed: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  exit(1);
}

/* Extensions of texts that a browser may ask for compressed; images and fonts are compressed already. */
static int is_text(const char *name) {
  static const char *const extensions[] = {".css", ".js", ".mjs", ".svg", ".json", ".csv", ".html", ".txt", ".xml",
                                           ".yaml", ".md", ".geojson", ".webmanifest", ".map"};
  const char *dot = strrchr(name, '.');
  for (size_t i = 0; dot && i < sizeof extensions / sizeof *extensions; i++)
    if (!strcmp(dot, extensions[i])) return 1;
  return 0;
}

static void make_parents(char *path) {
  for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(path, 0777) && errno != EEXIST) fail("cannot make %s: %s", path, strerror(errno));
    *slash = '/';
  }
}

static unsigned char *read_whole(const char *path, long *size) {
  FILE *in = fopen(path, "rb");
  if (!in || fseek(in, 0, SEEK_END) || (*size = ftell(in)) < 0) fail("cannot read %s: %s", path, strerror(errno));
  rewind(in);
  unsigned char *bytes = malloc((size_t)*size + 1);
  if (!bytes) fail("out of memory");
  if (fread(bytes, 1, (size_t)*size, in) != (size_t)*size) fail("cannot read %s", path);
  fclose(in);
  return bytes;
}

static void gzip_path(char out[PATH_ROOM], const char *dir, const char *name) {
  if (snprintf(out, PATH_ROOM, "%s/embed/%s.gz", dir, name) >= PATH_ROOM) fail("path too long: %s", name);
}

/* Compresses with the time left at zero, so that the same input gives the same program. */
static void compress_file(File *file, const char *dir, const unsigned char *bytes) {
  z_stream z = {0};
  if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) fail("zlib does not start");
  unsigned long room = deflateBound(&z, (unsigned long)file->size);
  unsigned char *out = malloc(room);
  if (!out) fail("out of memory");
  union { const unsigned char *in; unsigned char *zlib; } bridge = {bytes};  /* zlib only reads it */
  z.next_in = bridge.zlib;
  z.avail_in = (unsigned)file->size;
  z.next_out = out;
  z.avail_out = (unsigned)room;
  if (deflate(&z, Z_FINISH) != Z_STREAM_END) fail("cannot compress %s", file->disk);
  if (z.total_out < (unsigned long)file->size / 10 * 9) {
    char path[PATH_ROOM];
    gzip_path(path, dir, file->name);
    make_parents(path);
    FILE *to = fopen(path, "wb");
    if (!to || fwrite(out, 1, z.total_out, to) != z.total_out || fclose(to)) fail("cannot write %s", path);
    file->gzip_size = (long)z.total_out;
  }
  deflateEnd(&z);
  free(out);
}

/* One line of sha256sum: 64 digits, two characters, the path. */
static File parse_line(char *line, const char *dir) {
  line[strcspn(line, "\n")] = '\0';
  if (line[0] == '\\') fail("a backslash or newline in a file name: %s", line);
  if (strlen(line) < HASH_LEN + 3 || strspn(line, "0123456789abcdef") != HASH_LEN) fail("not from sha256sum: %s", line);
  File file = {0};
  memcpy(file.tag, line, TAG_LEN);
  file.disk = strdup(line + HASH_LEN + 2);
  if (!file.disk) fail("out of memory");
  if (strpbrk(file.disk, "\"\\")) fail("a quote in a file name: %s", file.disk);
  size_t dir_len = strlen(dir);
  int generated = !strncmp(file.disk, dir, dir_len) && file.disk[dir_len] == '/';
  file.name = generated ? file.disk + dir_len + 1 : file.disk;
  unsigned char *bytes = read_whole(file.disk, &file.size);
  if (file.size >= GZIP_MIN && is_text(file.name)) compress_file(&file, dir, bytes);
  free(bytes);
  return file;
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const File *)a)->name, ((const File *)b)->name);
}

static List read_list(const char *dir) {
  List list = {0};
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    if (list.count == list.cap) {
      list.cap = list.cap ? list.cap * 2 : 64;
      list.items = realloc(list.items, list.cap * sizeof *list.items);
      if (!list.items) fail("out of memory");
    }
    list.items[list.count++] = parse_line(line, dir);
  }
  free(line);
  if (list.count) qsort(list.items, list.count, sizeof *list.items, by_name);
  for (size_t i = 1; i < list.count; i++)
    if (!strcmp(list.items[i - 1].name, list.items[i].name)) fail("%s is there twice", list.items[i].name);
  return list;
}

static FILE *open_output(const char *dir, const char *name) {
  char path[PATH_ROOM];
  if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path) fail("path too long");
  make_parents(path);
  FILE *out = fopen(path, "w");
  if (!out) fail("cannot write %s: %s", path, strerror(errno));
  return out;
}

static void write_data(const List *list, const char *dir) {
  FILE *out = open_output(dir, "embed_data.S");
  fputs("/* Generated by tools/embed.c. */\n.section .rodata\n", out);
  for (size_t i = 0; i < list->count; i++) {
    const File *file = &list->items[i];
    fprintf(out, ".balign 8\n.globl embed_file_%zu\nembed_file_%zu: .incbin \"%s\"\n.byte 0\n", i, i, file->disk);
    if (!file->gzip_size) continue;
    char path[PATH_ROOM];
    gzip_path(path, dir, file->name);
    fprintf(out, ".balign 8\n.globl embed_gzip_%zu\nembed_gzip_%zu: .incbin \"%s\"\n", i, i, path);
  }
  fputs(".section .note.GNU-stack,\"\",%progbits\n", out);
  if (fclose(out)) fail("cannot write embed_data.S");
}

static void write_table(const List *list, const char *dir) {
  FILE *out = open_output(dir, "embed_table.c");
  fputs("/* Generated by tools/embed.c. */\n#include \"base/embed_table.h\"\n\n", out);
  for (size_t i = 0; i < list->count; i++) {
    fprintf(out, "extern const char embed_file_%zu[];\n", i);
    if (list->items[i].gzip_size) fprintf(out, "extern const char embed_gzip_%zu[];\n", i);
  }
  fputs("\nconst EmbeddedFile embed_table[] = {\n", out);
  for (size_t i = 0; i < list->count; i++) {
    const File *file = &list->items[i];
    fprintf(out, "  {{\"%s\", %zu}, {embed_file_%zu, %ld}, ", file->name, strlen(file->name), i, file->size);
    if (file->gzip_size) fprintf(out, "{embed_gzip_%zu, %ld}, \"%s\"},\n", i, file->gzip_size, file->tag);
    else fprintf(out, "{0, 0}, \"%s\"},\n", file->tag);
  }
  if (!list->count) fputs("  {{0, 0}, {0, 0}, {0, 0}, \"\"},\n", out);
  fprintf(out, "};\nconst size_t embed_table_count = %zu;\n", list->count);
  if (fclose(out)) fail("cannot write embed_table.c");
}

int main(int argc, char **argv) {
  if (argc != 2) fail("usage: sha256sum FILES... | embed OUTDIR");
  List list = read_list(argv[1]);
  write_data(&list, argv[1]);
  write_table(&list, argv[1]);
  for (size_t i = 0; i < list.count; i++) free(list.items[i].disk);
  free(list.items);
  return 0;
}
