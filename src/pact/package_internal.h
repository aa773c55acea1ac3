/* SPDX-License-Identifier: EUPL-1.2 */
/* What the reading, checking and writing of packages share. */
#ifndef PW_PACT_PACKAGE_INTERNAL_H
#define PW_PACT_PACKAGE_INTERNAL_H

#include <regex.h>

#include "base/map.h"
#include "pact/package.h"

#define PACKAGE_SHIPPED "pacts/noord/"  /* where the package inside the program lies */

enum {
  PACKAGE_FILE_MAX = 64 << 20,      /* bytes of one file */
  PACKAGE_TOTAL_MAX = 512 << 20,    /* bytes of all files */
  PACKAGE_RESOURCES_MAX = 200,
  PACKAGE_FIELDS_MAX = 98,          /* with seq no more than a statement takes values */
  PACKAGE_PATTERN_MAX = 256,        /* bytes of a pattern */
  PACKAGE_VALUE_SHOWN = 80          /* bytes of a value in a problem */
};

/* --- files --- */

/* Where a package is read from: a directory, or the package inside the program (fd -1). */
typedef struct PackageFiles {
  int fd;            /* of the directory; owned */
  size_t total;      /* bytes read so far */
} PackageFiles;

Err package_files_open(PackageFiles *files, const char *directory, ErrInfo *info) MUST_CHECK;
void package_files_close(PackageFiles *files);
/* The bytes of a file below the directory. The path must be plain: names parted by "/", none "." or ".." or hidden. */
Err package_files_read(PackageFiles *files, Str path, Arena *arena, Str *bytes, ErrInfo *info) MUST_CHECK;
/* Whether a path of a descriptor is plain. */
bool package_path_plain(Str path);

/* --- descriptor --- */

typedef enum FieldType { FIELD_STRING, FIELD_INTEGER, FIELD_NUMBER, FIELD_BOOLEAN, FIELD_DATE, FIELD_TYPE_COUNT } FieldType;

typedef struct Words { Str *items; size_t count; } Words;

typedef struct Field {
  Str name;
  FieldType type;
  bool required, unique;
  bool has_minimum, has_maximum, has_pattern;
  double minimum, maximum;       /* for a date its Day */
  Str minimum_text, maximum_text;
  int64_t min_length, max_length; /* code points; -1: none */
  Words choices;                 /* enum */
  Str pattern_text;
  regex_t pattern;               /* when has_pattern */
  Words true_values, false_values;
} Field;

typedef struct ForeignKey {
  size_t *fields;
  size_t count;
  size_t target;                 /* index of the resource */
  size_t *target_fields;
} ForeignKey;

typedef struct Resource {
  Str name, path;
  Field *fields;
  size_t fields_count;
  Words missing;                 /* texts that mean "no value" */
  size_t *key;                   /* primary key */
  size_t key_count;
  ForeignKey *foreign;
  size_t foreign_count;
  /* Filled when the file is read: rows_count * fields_count cells; ptr NULL for a missing value. */
  Str *cells;
  long *lines;
  size_t rows_count;
  Map by_key;                    /* primary key -> row, filled when the keys are checked */
} Resource;

typedef struct Package {
  Arena *arena;
  Str name;
  Str descriptor;                /* text of datapackage.json */
  Resource *resources;
  size_t count;
} Package;

/* Reads a descriptor. Whatever comes back, package_clear it. */
Err package_parse(Package *package, Str descriptor, Arena *arena, ErrInfo *info) MUST_CHECK;
void package_clear(Package *package);
/* Adds to a package that was loaded before what this program's own package describes beyond it and the database has rows of,
 * so that these rows leave with it too. Nothing changes when there are none; otherwise the descriptor is written anew. */
Err package_complete(Store *store, Package *package, ErrInfo *info) MUST_CHECK;
/* Index of the resource, or SIZE_MAX. */
size_t package_resource(const Package *package, Str name);
/* Index of the field, or SIZE_MAX. */
size_t package_field(const Resource *resource, Str name);

/* --- checking --- */

/* Adds a problem to the report. */
Err package_problem(PackageReport *report, Arena *arena, PackageProblem problem) MUST_CHECK;
/* Reads one resource's file into its cells, checking every row and cell; problems go to the report. */
Err package_read_resource(Package *package, Resource *resource, Str bytes, PackageReport *report, ErrInfo *info) MUST_CHECK;
/* Primary keys and unique fields within each resource, foreign keys between them. */
Err package_check_keys(Package *package, PackageReport *report, ErrInfo *info) MUST_CHECK;
/* Rows that were stored and whose cells together say something impossible, such as a bound above the other. */
Err package_check_rules(Store *store, const Package *package, PackageReport *report, ErrInfo *info) MUST_CHECK;
/* A cell as the value to store. */
Arg package_value(const Field *field, Str cell);
bool package_word_in(const Words *words, Str word);

#endif
