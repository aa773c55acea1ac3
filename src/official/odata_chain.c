/* SPDX-License-Identifier: EUPL-1.2 */
/* Whether all pages of an answer are there. A page tells where the next one begins ($skip), not where it begins itself;
 * that follows from the number of its records. */
#include "official/odata_internal.h"

/* The page of the entity with the lowest $skip above `after`; NULL when there is none. */
static const OdataPage *next_page(const OdataTable *t, Str entity, int64_t after) {
  const OdataPage *found = NULL;
  for (size_t i = 0; i < t->page_count; i++) {
    const OdataPage *p = &t->pages[i];
    if (str_eq(p->entity, entity) && p->next.ptr && p->skip > after && (!found || p->skip < found->skip)) found = p;
  }
  return found;
}

static Err check_twice(const OdataTable *t, const OdataPage *page, ErrInfo *info) {
  for (const OdataPage *p = t->pages; p < page; p++)
    if (str_eq(p->entity, page->entity) && p->next.ptr && str_eq(p->next, page->next))
      return odata_wrong(info, page->source, 0, NULL, "the same page as %s: both go on at " STR_FMT, odata_name(p->source), STR_ARG(page->next));
  return ERR_OK;
}

/* Pages that tell $skip follow each other without a gap. */
static Err check_skips(const OdataTable *t, Str entity, ErrInfo *info) {
  int64_t begin = 0;
  const OdataPage *p;
  for (int64_t after = -1; (p = next_page(t, entity, after)); after = begin = p->skip)
    if (p->skip - (int64_t)p->records != begin)
      return odata_wrong(info, p->source, 0, NULL, "the page of " STR_FMT " that begins at record %lld is not among the files (this one has the records from %lld to %lld)",
                         STR_ARG(entity), (long long)begin + 1, (long long)(p->skip - (int64_t)p->records) + 1, (long long)p->skip);
  return ERR_OK;
}

/* One chain per answer: as many pages go on as there are, but for the last. */
static Err check_chain(const OdataTable *t, Str entity, ErrInfo *info) {
  const OdataPage *linking = NULL, *last = NULL, *another = NULL;
  bool skips = true;
  for (size_t i = 0; i < t->page_count; i++) {
    const OdataPage *p = &t->pages[i];
    if (!str_eq(p->entity, entity)) continue;
    if (!p->next.ptr) {
      another = last;
      last = p;
      continue;
    }
    TRY(check_twice(t, p, info));
    skips &= p->skip >= 0;
    if (!linking || p->skip > linking->skip) linking = p;
  }
  if (!linking) return ERR_OK;
  if (another)
    return odata_wrong(info, last->source, 0, NULL, "like %s a last page of " STR_FMT ", while %s goes on: expected one last page",
                       odata_name(another->source), STR_ARG(entity), odata_name(linking->source));
  if (skips) TRY(check_skips(t, entity, info));
  if (last) return ERR_OK;
  return odata_wrong(info, linking->source, 0, NULL, "goes on at " STR_FMT ", and that page is not among the files", STR_ARG(linking->next));
}

Err odata_check_chains(const OdataTable *t, ErrInfo *info) {
  for (size_t i = 0; i < t->page_count; i++) {
    size_t first = 0;
    while (!str_eq(t->pages[first].entity, t->pages[i].entity)) first++;
    if (first == i) TRY(check_chain(t, t->pages[i].entity, info));
  }
  return ERR_OK;
}
