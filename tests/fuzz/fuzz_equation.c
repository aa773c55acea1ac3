/* SPDX-License-Identifier: EUPL-1.2 */
/* The equation parser on any bytes, and what it reads in a small model with an array, a stock and a graphical function. */
#include "base/text.h"
#include "flow/expr.h"
#include "flow/flow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char HEAD[] =
  "<xmile><sim_specs><start>0</start><stop>3</stop><dt>1</dt></sim_specs><dimensions><dim name=\"D\"><elem name=\"A\"/>"
  "<elem name=\"B\"/></dim></dimensions><model><variables><stock name=\"s\"><eqn>1</eqn><inflow>f</inflow></stock><flow name=\"f\">"
  "<eqn>s</eqn></flow><gf name=\"g\"><xscale min=\"0\" max=\"1\"/><ypts>0,1</ypts></gf><aux name=\"a\"><dimensions><dim name=\"D\"/>"
  "</dimensions><eqn>D</eqn></aux><aux name=\"r\"><dimensions><dim name=\"D\"/></dimensions><eqn>";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str text = {(const char *)data, size};
  FlowLimits limits = {.memory_bytes = 32u << 20, .file_bytes = 1u << 18, .elements = 5000, .steps = 40};
  FlowModel *model = NULL;
  FlowProgram *program = NULL;
  FlowResult *result = NULL;
  FlowSpec spec = FLOW_SPEC_INIT;
  FlowRun run = {0};
  ErrInfo info = ERRINFO_INIT;
  Arena arena;
  Node *node;
  Buf file;
  arena_init(&arena, 16u << 20);
  if (expr_parse(&node, &arena, text, &info) != ERR_OK) err_reset(&info);
  arena_clear(&arena);
  buf_init(&file, 1u << 18);
  buf_cstr(&file, HEAD);
  text_escape_html(&file, text);
  buf_cstr(&file, "</eqn></aux></variables></model></xmile>");
  if (buf_err(&file) == ERR_OK && flow_open_text(&model, buf_view(&file), "fuzz", &limits, &info) == ERR_OK &&
      flow_compile(&program, model, &spec, &info) == ERR_OK && flow_run(&result, program, &run, &info) != ERR_OK)
    err_reset(&info);
  flow_result_free(result);
  flow_program_free(program);
  flow_close(model);
  buf_clear(&file);
  return 0;
}
