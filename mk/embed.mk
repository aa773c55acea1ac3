# SPDX-License-Identifier: EUPL-1.2
# The files inside the program (src/base/embed.h): everything under assets/, sql/ and pacts/, and the translations.
# A new folder or kind of file is a word in EMBED_DIRS; a new file is found by itself.
EMBED_DIRS := assets sql pacts
LOCALES := $(wildcard locale/*.po)
EMBED_FILES := $(sort $(shell find $(EMBED_DIRS) -type f ! -name '.*' ! -name '*~' 2>/dev/null)) \
  $(LOCALES:locale/%.po=$(GEN)/locale/%.mo)

# Host tools are built once, without sanitizers.
HOSTCFLAGS := -std=c17 $(WARN) -O1 -g -D_GNU_SOURCE -Isrc

$(GEN)/locale/%.mo: locale/%.po
	@mkdir -p $(@D)
	msgfmt --check -o $@ $<

build/tools/embed: tools/embed.c
	@mkdir -p $(@D)
	$(CC) $(HOSTCFLAGS) -o $@ $< -lz

# Rewritten only when a file came or went, so that such a change also makes the table anew.
$(GEN)/embed.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(EMBED_FILES) | cmp -s - $@ || printf '%s\n' $(EMBED_FILES) > $@
.PHONY: FORCE
FORCE:

$(GEN)/embed_data.S $(GEN)/embed_table.c &: $(GEN)/embed.list $(EMBED_FILES) build/tools/embed
	@grep . $(GEN)/embed.list | xargs -r -d '\n' sha256sum | build/tools/embed $(GEN)

# The compiler cache does not see what .incbin reads.
$(OBJ)/gen/embed_data.o: $(GEN)/embed_data.S
	@mkdir -p $(@D)
	$(Q)CCACHE_DISABLE=1 $(CC) -c -o $@ $<

GENSRC += $(GEN)/embed_table.c
GENOBJ += $(OBJ)/gen/embed_data.o
