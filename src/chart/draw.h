/* SPDX-License-Identifier: EUPL-1.2 */
/* The process that draws: the program started again by itself with CHART_DRAW_COMMAND as its first argument. */
#ifndef PW_CHART_DRAW_H
#define PW_CHART_DRAW_H

#include <stdint.h>

#define CHART_DRAW_COMMAND "draw-chart"

/* What main does when that is its first argument; returns the exit code. Standard input is a socket.
 *   draw-chart svg BYTES     reads requests (DrawRequest, then the option) and answers each (DrawReply, then the SVG or what is
 *                            wrong) until the other side closes; the engine gets at most BYTES of memory
 *   draw-chart png PERCENT   becomes rsvg-convert: an SVG in, a PNG out; exits with CHART_NO_RASTERISER without it
 * Either way with limits on memory, processor time and files set before anything is read. */
int chart_draw_main(int argc, char **argv);

#define CHART_NO_RASTERISER 127
#define CHART_BAD_CALL 2

#define DRAW_MAGIC 0x50574331u
typedef struct DrawRequest { uint32_t magic, width, height, length; } DrawRequest;
typedef enum DrawStatus { DRAW_DONE, DRAW_BAD_OPTION, DRAW_NO_MEMORY } DrawStatus;
typedef struct DrawReply { uint32_t magic, status, length; } DrawReply;

#endif
