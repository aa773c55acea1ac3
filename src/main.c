/* SPDX-License-Identifier: EUPL-1.2 */
/* The entry point: hands over to the command line and turns its result into the exit code. */
#include <string.h>

#include "chart/draw.h"
#include "cli/cli.h"

int main(int argc, char **argv) {
  /* not a command: the server starts itself with it, and everything a command needs would only be in the way */
  if (argc > 1 && strcmp(argv[1], CHART_DRAW_COMMAND) == 0) return chart_draw_main(argc, argv);
  return cli_main(argc, argv);
}
