# SPDX-License-Identifier: EUPL-1.2
# The build. `make run` and `make check` are for anybody; the rest is for developers (see docs/architecture.md).
# Every src/PART/*.c is part of the program, every tests/unit/PART/test_*.c is a test program of its own;
# a part that needs more than that adds a fragment mk/PART.mk.
SHELL := /bin/bash
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:

PORT ?= 8080
SAN ?=
CC := $(if $(filter default,$(origin CC)),gcc,$(CC))

# SAN= (release), SAN=asan (address + undefined behaviour), SAN=tsan (threads), SAN=fault (failing allocations)
BUILD := build$(if $(SAN),/$(SAN))
OBJ := $(BUILD)/obj
GEN := build/gen

PKGS := libmicrohttpd sqlite3 jansson xlsxwriter libzip expat libutf8proc zlib duktape
LIBS := -lstemmer -lpthread -lm
OPT_ := -O2 -g
OPT_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT_tsan := -O1 -g -fsanitize=thread
OPT_fault := -O1 -g
WARN := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
CPPFLAGS += -Isrc -I$(GEN) -D_GNU_SOURCE -MMD -MP
CFLAGS += -std=c17 $(WARN) $(OPT_$(SAN)) -ffp-contract=off -fno-math-errno
LDFLAGS += $(if $(filter asan tsan,$(SAN)),$(OPT_$(SAN)))

SRC := $(filter-out src/main.c,$(wildcard src/*/*.c))
UNIT := $(wildcard tests/unit/*/test_*.c)
GENSRC :=
GENOBJ :=
GENHDR :=

# V=1 shows the commands; otherwise a short line for each.
Q := $(if $(V),,@)
say = $(if $(V),:,@printf '  %-5s %s\n' "$(1)" "$(2)")

include $(wildcard mk/*.mk)

# pkg-config is asked only when something is compiled: `make run` must be able to install it first.
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS))
PKG_LIBS = $(shell pkg-config --libs $(PKGS))

LIBOBJ := $(SRC:%.c=$(OBJ)/%.o) $(GENSRC:$(GEN)/%.c=$(OBJ)/gen/%.o) $(GENOBJ)
UNITBIN := $(UNIT:tests/%.c=$(BUILD)/tests/%)

.PHONY: build run check quick unit bench clean deps deps-check
build: $(BUILD)/pactwijzer

$(BUILD)/pactwijzer: $(OBJ)/src/main.o $(BUILD)/libpactwijzer.a
	$(call say,link,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) $(LIBS)

$(BUILD)/libpactwijzer.a: $(LIBOBJ)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(OBJ)/%.o: %.c | $(GENHDR)
	@mkdir -p $(@D)
	$(call say,cc,$<)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -c -o $@ $<

$(OBJ)/gen/%.o: $(GEN)/%.c | $(GENHDR)
	@mkdir -p $(@D)
	$(call say,cc,$<)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -c -o $@ $<

# Tests may include headers of the test tree; they link everything but main.
$(BUILD)/tests/%: tests/%.c $(BUILD)/libpactwijzer.a | $(GENHDR)
	@mkdir -p $(@D)
	$(call say,test,$@)
	$(Q)$(CC) $(CPPFLAGS) -Itests $(PKG_CFLAGS) $(CFLAGS) -Wno-missing-prototypes $(LDFLAGS) -o $@ $< $(BUILD)/libpactwijzer.a -lcmocka $(PKG_LIBS) $(LIBS)

unit: $(UNITBIN)

deps:
	@tools/install-packages run
deps-check:
	@tools/install-packages run check

# Installs what is missing, builds, makes the database with the shipped pact when there is none, serves.
run: deps
	@$(MAKE) --no-print-directory -j$(shell nproc) build
	@tools/run $(PORT)

check: deps-check
	@tests/run full
quick:
	@tests/run quick
bench: deps-check
	@$(MAKE) --no-print-directory -j$(shell nproc) build
	@tests/bench/run

clean:
	rm -rf build

-include $(shell find $(BUILD)/obj $(BUILD)/tests -name '*.d' 2>/dev/null)
