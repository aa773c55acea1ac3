# SPDX-License-Identifier: EUPL-1.2
# Fuzz targets, with clang's libFuzzer: `make fuzz-sheet` runs one for FUZZ_SECONDS; `make fuzz-programs` only builds them. New inputs
# that reach new code go to build/fuzz; what is kept (seeds and every finding) is in tests/fuzz/corpus/NAME.
FUZZ_NAMES := sheet csv cells xmile equation supply official odata import
FUZZ_SECONDS ?= 120
FUZZ_CC ?= clang
FUZZ_PARTS := base sheet flow official store places pact monitor
FUZZ_SRC := $(wildcard $(FUZZ_PARTS:%=src/%/*.c)) src/action/cells.c $(GEN)/embed_table.c
FUZZ_FLAGS := -std=c17 -O1 -g -D_GNU_SOURCE -Isrc -fno-sanitize-recover=all -fno-omit-frame-pointer
FUZZ_OBJ := $(FUZZ_SRC:%.c=build/fuzz/obj/%.o)

.PHONY: fuzz-programs $(FUZZ_NAMES:%=fuzz-%)
fuzz-programs: $(FUZZ_NAMES:%=build/fuzz/fuzz_%)

# What the targets share is compiled once; libFuzzer itself comes in when a target is linked.
build/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,fuzz,$<)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -MMD -MP -fsanitize=fuzzer-no-link,address,undefined $(PKG_CFLAGS) -c -o $@ $<

build/fuzz/libfuzz.a: $(FUZZ_OBJ) build/obj/gen/embed_data.o
	@rm -f $@
	$(Q)ar rcs $@ $^

build/fuzz/fuzz_%: tests/fuzz/fuzz_%.c build/fuzz/libfuzz.a
	$(call say,link,$@)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer,address,undefined $(PKG_CFLAGS) -o $@ $< build/fuzz/libfuzz.a $(PKG_LIBS) $(LIBS)

-include $(FUZZ_OBJ:.o=.d)

$(FUZZ_NAMES:%=fuzz-%): fuzz-%: build/fuzz/fuzz_%
	@mkdir -p build/fuzz/corpus-$*
	$< -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=2048 -artifact_prefix=build/fuzz/ \
	  $(if $(wildcard tests/fuzz/$*.dict),-dict=tests/fuzz/$*.dict) build/fuzz/corpus-$* tests/fuzz/corpus/$*
