/* SPDX-License-Identifier: EUPL-1.2 */
/* What this program calls itself; shown by `version`, in the man page, the API description and the metrics. */
#ifndef PW_BASE_VERSION_H
#define PW_BASE_VERSION_H

#define PACTWIJZER_VERSION "0.1.0"
#define PACTWIJZER_DATE "2026-11-23"  /* of the manual */

#endif
