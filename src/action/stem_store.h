/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef PW_ACTION_STEM_STORE_H
#define PW_ACTION_STEM_STORE_H

#include "store/store.h"

/* Writes the stems of every action that has none yet, after a package was loaded; needs a transaction. Without it the
 * snapshot still finds those actions, but works their stems out at every start. */
Err action_stems_write(Store *store, ErrInfo *info) MUST_CHECK;

#endif
