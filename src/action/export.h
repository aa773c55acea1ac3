/* SPDX-License-Identifier: EUPL-1.2 */
/* Writing an action list that `import actions` reads back to the same state. */
#ifndef PW_ACTION_EXPORT_H
#define PW_ACTION_EXPORT_H

#include "action/index.h"
#include "sheet/sheet.h"

/* Writes these actions, in this order, to `path`: a heading and a row per action, every fact of fields.def that has a
 * heading. Names are written as people know them where they are read back as the same thing, else as codes. Contact data
 * is never written. Texts that begin as a formula leave as text (sheet.h). ERR_IO, ERR_LIMIT (too many rows for the format). */
Err action_export(Store *store, const ActionIndex *index, const uint32_t *ids, size_t count, SheetFormat format,
                  const char *path, ErrInfo *info) MUST_CHECK;

#endif
