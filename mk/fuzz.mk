# SPDX-License-Identifier: EUPL-1.2
# Fuzz targets, with clang's libFuzzer: `make fuzz-sheet` runs one for FUZZ_SECONDS; `make fuzz-programs` only builds them. New inputs
# that reach new code go to build/fuzz; what is kept (seeds and every finding) is in tests/fuzz/corpus/NAME.
FUZZ_NAMES := sheet csv cells xmile equation
FUZZ_SECONDS ?= 120
FUZZ_CC ?= clang
FUZZ_SRC := $(filter-out src/base/embed.c,$(wildcard src/base/*.c)) $(wildcard src/sheet/*.c) $(wildcard src/flow/*.c) src/action/cells.c
FUZZ_FLAGS := -std=c17 -O1 -g -D_GNU_SOURCE -Isrc -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
  -fno-omit-frame-pointer

.PHONY: fuzz-programs $(FUZZ_NAMES:%=fuzz-%)
fuzz-programs: $(FUZZ_NAMES:%=build/fuzz/fuzz_%)

build/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_SRC) $(wildcard src/base/*.h src/sheet/*.h src/flow/*.h src/*/*.def)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) $(PKG_CFLAGS) -o $@ $< $(FUZZ_SRC) $(PKG_LIBS) $(LIBS)

$(FUZZ_NAMES:%=fuzz-%): fuzz-%: build/fuzz/fuzz_%
	@mkdir -p build/fuzz/corpus-$*
	$< -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=2048 -artifact_prefix=build/fuzz/ \
	  $(if $(wildcard tests/fuzz/$*.dict),-dict=tests/fuzz/$*.dict) build/fuzz/corpus-$* tests/fuzz/corpus/$*
