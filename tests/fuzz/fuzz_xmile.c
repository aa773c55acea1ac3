/* SPDX-License-Identifier: EUPL-1.2 */
/* The reader, compiler and interpreter on any bytes: an error or a result, within bounds of memory and time. */
#include "flow/flow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  FlowLimits limits = {.memory_bytes = 32u << 20, .file_bytes = 1u << 16, .elements = 5000, .steps = 40};
  FlowModel *model = NULL;
  FlowProgram *program = NULL;
  FlowResult *result = NULL;
  FlowSpec spec = FLOW_SPEC_INIT;
  FlowRun run = {0};
  ErrInfo info = ERRINFO_INIT;
  size_t mismatches;
  Buf out;
  buf_init(&out, 1u << 22);
  if (flow_open_text(&model, (Str){(const char *)data, size}, "fuzz", &limits, &info) == ERR_OK) {
    if (flow_check_units(model, NULL, NULL, &mismatches, &info) != ERR_OK) err_reset(&info);
    if (flow_write(model, &out, &info) != ERR_OK) err_reset(&info);
    if (flow_compile(&program, model, &spec, &info) == ERR_OK && flow_run(&result, program, &run, &info) != ERR_OK)
      err_reset(&info);
  }
  buf_clear(&out);
  flow_result_free(result);
  flow_program_free(program);
  flow_close(model);
  return 0;
}
