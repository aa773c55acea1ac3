/* SPDX-License-Identifier: EUPL-1.2 */
/* The entry point: hands over to the command line and turns its result into the exit code. */
#include "cli/cli.h"

int main(int argc, char **argv) {
  return cli_main(argc, argv);
}
