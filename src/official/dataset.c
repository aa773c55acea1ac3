/* SPDX-License-Identifier: EUPL-1.2 */
#include "official/dataset.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { REQUIRED = 1, OPTIONAL = 0 };

/* The table is read once for each kind of row; the rows of a dataset stand together in each. */
#define DATASET(id, code, publisher, title)
#define SERIES(dataset, measure, headings)
#define SUPPRESSED(dataset, text, low, high)
#define AREA(dataset, field, kind, extent)
#define KEY(dataset, fields)
#define FIELD(dataset, name, need, headings) #dataset,
static const char *const field_owner[] = {
#include "official/datasets.def"
};
#undef FIELD
#define FIELD(dataset, name, need, headings) {name, need, headings},
static const DatasetField all_fields[] = {
#include "official/datasets.def"
};
#undef FIELD
#define FIELD(dataset, name, need, headings)
#undef SERIES
#define SERIES(dataset, measure, headings) #dataset,
static const char *const series_owner[] = {
#include "official/datasets.def"
};
#undef SERIES
#define SERIES(dataset, measure, headings) {measure, headings},
static const DatasetSeries all_series[] = {
#include "official/datasets.def"
};
#undef SERIES
#define SERIES(dataset, measure, headings)
#undef SUPPRESSED
#define SUPPRESSED(dataset, text, low, high) #dataset,
static const char *const suppressed_owner[] = {
#include "official/datasets.def"
};
#undef SUPPRESSED
#define SUPPRESSED(dataset, text, low, high) {text, low, high},
static const DatasetSuppressed all_suppressed[] = {
#include "official/datasets.def"
};
#undef SUPPRESSED
#define SUPPRESSED(dataset, text, low, high)
#undef AREA
#define AREA(dataset, field, kind, extent) #dataset,
static const char *const area_owner[] = {
#include "official/datasets.def"
};
#undef AREA
#define AREA(dataset, field, kind, extent) {field, kind, AREA_##extent},
static const DatasetArea all_areas[] = {
#include "official/datasets.def"
};
#undef AREA
#define AREA(dataset, field, kind, extent)
#undef KEY
#define KEY(dataset, fields) {#dataset, fields},
static const struct { const char *owner, *fields; } keys[] = {
#include "official/datasets.def"
};
#undef KEY
#define KEY(dataset, fields)
#undef DATASET
#define DATASET(id, code, publisher, title) {#id, code, publisher, title, NULL, 0, NULL, 0},
static const Dataset datasets[] = {
#include "official/datasets.def"
};
#undef DATASET
#undef FIELD
#undef SERIES
#undef SUPPRESSED
#undef AREA
#undef KEY

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* The run of `owner` among the owners. */
static size_t run_of(const char *const *owners, size_t rows, const char *owner, size_t *count) {
  size_t first = 0;
  while (first < rows && strcmp(owners[first], owner) != 0) first++;
  *count = 0;
  while (first + *count < rows && strcmp(owners[first + *count], owner) == 0) ++*count;
  return first;
}

const DatasetField *dataset_fields(const Dataset *dataset, size_t *count) {
  if (dataset->fields) {
    *count = dataset->field_count;
    return dataset->fields;
  }
  return all_fields + run_of(field_owner, COUNT_OF(field_owner), dataset->id, count);
}

const DatasetSeries *dataset_series(const Dataset *dataset, size_t *count) {
  return all_series + run_of(series_owner, COUNT_OF(series_owner), dataset->id, count);
}

const DatasetSuppressed *dataset_suppressed(const Dataset *dataset, size_t *count) {
  return all_suppressed + run_of(suppressed_owner, COUNT_OF(suppressed_owner), dataset->id, count);
}

const DatasetArea *dataset_areas(const Dataset *dataset, size_t *count) {
  if (dataset->areas) {
    *count = dataset->area_count;
    return dataset->areas;
  }
  return all_areas + run_of(area_owner, COUNT_OF(area_owner), dataset->id, count);
}

Str dataset_key(const Dataset *dataset) {
  for (size_t i = 0; i < COUNT_OF(keys); i++)
    if (strcmp(keys[i].owner, dataset->id) == 0) return str_from(keys[i].fields);
  return STR_NONE;
}

size_t dataset_count(void) { return COUNT_OF(datasets); }
const Dataset *dataset_at(size_t index) { return &datasets[index]; }
const char *dataset_code(const Dataset *dataset) { return dataset->code; }
const char *dataset_publisher(const Dataset *dataset) { return dataset->publisher; }
const char *dataset_title(const Dataset *dataset) { return dataset->title; }

const Dataset *dataset_by_code(Str code) {
  for (size_t i = 0; i < COUNT_OF(datasets); i++)
    if (str_eq(code, str_from(datasets[i].code))) return &datasets[i];
  return NULL;
}

int dataset_field(const Dataset *dataset, Str name) {
  size_t count;
  const DatasetField *fields = dataset_fields(dataset, &count);
  for (size_t i = 0; i < count; i++)
    if (str_eq(name, str_from(fields[i].name))) return (int)i;
  return -1;
}

Str dataset_field_name(const Dataset *dataset, int field) {
  size_t count;
  const DatasetField *fields = dataset_fields(dataset, &count);
  return field >= 0 && (size_t)field < count ? str_from(fields[field].name) : S("");
}

bool dataset_names_field(const DatasetField *field, Str folded) {
  Str rest = str_from(field->headings), one;
  while (str_cut(&rest, '|', &one))
    if (str_eq_nocase(one, folded)) return true;
  return false;
}

/* A school year "2019-2020", "2019/2020" or "2019-20" at the front of *text, written as "2019/20". */
static bool take_period(Str *text, char period[16]) {
  int64_t first, second;
  if (text->len < 7 || !str_to_int(str_slice(*text, 0, 4), &first) || (text->ptr[4] != '-' && text->ptr[4] != '/')) return false;
  size_t digits = 5;
  while (digits < text->len && digits < 9 && text->ptr[digits] >= '0' && text->ptr[digits] <= '9') digits++;
  if ((digits != 7 && digits != 9) || !str_to_int(str_slice(*text, 5, digits), &second)) return false;
  if (first < 1900 || first > 2200 || second != (digits == 9 ? first + 1 : (first + 1) % 100)) return false;
  snprintf(period, 16, "%d/%02d", (int)first, (int)((first + 1) % 100));
  *text = str_slice(*text, digits, text->len);
  return true;
}

/* A year "2021" at the front of *text as the school year that begins in it, or `earlier` years before it. */
static bool take_year(Str *text, int earlier, char period[16]) {
  int64_t year;
  if (text->len < 4 || text->ptr[0] < '1' || text->ptr[0] > '9' || !str_to_int(str_slice(*text, 0, 4), &year)) return false;
  if (year < 1900 || year > 2200) return false;
  int first = (int)year - earlier;
  snprintf(period, 16, "%d/%02d", first, (first + 1) % 100);
  *text = str_slice(*text, 4, text->len);
  return true;
}

bool official_school_year(Str text, char period[16]) {
  Str rest = str_trim(text);
  if (take_period(&rest, period) && rest.len == 0) return true;
  rest = str_trim(text);
  return take_year(&rest, 0, period) && rest.len == 0;
}

static bool take_sex(Str *text, const char **sex) {
  static const struct { const char *word, *sex; } words[] = {
      {"man", "male"}, {"vrouw", "female"}, {"vrw", "female"}, {"totaal", "total"}, {"mannen", "male"}, {"vrouwen", "female"}};
  for (size_t i = COUNT_OF(words); i > 0; i--) {  /* the longer words first */
    Str word = str_from(words[i - 1].word);
    if (text->len >= word.len && str_eq_nocase(str_slice(*text, 0, word.len), word)) {
      *sex = words[i - 1].sex;
      *text = str_slice(*text, word.len, text->len);
      return true;
    }
  }
  return false;
}

static bool take_hole(Str *pattern, Str *text, SeriesMatch *match) {
  size_t close = str_find_char(*pattern, '}');
  Str hole = str_slice(*pattern, 1, close);
  *pattern = str_slice(*pattern, close + 1, pattern->len);
  if (str_eq(hole, S("period"))) return take_period(text, match->period);
  if (str_eq(hole, S("start"))) return take_year(text, 0, match->period);
  if (str_eq(hole, S("end"))) return take_year(text, 1, match->period);
  if (str_eq(hole, S("sex"))) return take_sex(text, &match->sex);
  if (text->len == 0 || text->ptr[0] < '1' || text->ptr[0] > '9') return false;
  match->grade = text->ptr[0] - '0';
  *text = str_slice(*text, 1, text->len);
  return true;
}

static bool fits(Str pattern, Str text, SeriesMatch *match) {
  while (pattern.len) {
    if (pattern.ptr[0] == '{') {
      if (!take_hole(&pattern, &text, match)) return false;
      continue;
    }
    if (text.len == 0 || !str_eq_nocase(str_slice(pattern, 0, 1), str_slice(text, 0, 1))) return false;
    pattern = str_slice(pattern, 1, pattern.len);
    text = str_slice(text, 1, text.len);
  }
  return text.len == 0;
}

bool dataset_names_series(const Dataset *dataset, Str folded, SeriesMatch *match) {
  size_t count;
  const DatasetSeries *series = dataset_series(dataset, &count);
  for (size_t i = 0; i < count; i++) {
    Str rest = str_from(series[i].headings), one;
    while (str_cut(&rest, '|', &one)) {
      *match = (SeriesMatch){.series = i, .sex = ""};
      if (fits(one, folded, match)) return true;
    }
  }
  return false;
}
