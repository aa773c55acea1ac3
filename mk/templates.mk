# SPDX-License-Identifier: EUPL-1.2
# Templates: every templates/**/*.html is compiled to C by build/tools/tmplc (tools/tmplc). The test pages under
# tests/templates/good are compiled the same way into their own folder.
TEMPLATES := $(sort $(shell find templates -name '*.html' -printf '%P\n' 2>/dev/null))
TEST_TEMPLATES := $(sort $(shell find tests/templates/good -name '*.html' -printf '%P\n' 2>/dev/null))
TMPLC_SRC := $(wildcard tools/tmplc/*.c) $(addprefix src/base/,arena.c buf.c err.c file.c mem.c str.c text.c)

build/tools/tmplc: $(TMPLC_SRC) tools/tmplc/tmplc.h tools/tmplc/html.h src/view/filters.def $(wildcard src/base/*.h)
	@mkdir -p $(@D)
	$(CC) $(HOSTCFLAGS) -Itools/tmplc -o $@ $(TMPLC_SRC) -lutf8proc -lm

$(GEN)/templates.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(TEMPLATES) $(TEST_TEMPLATES) | cmp -s - $@ || printf '%s\n' $(TEMPLATES) $(TEST_TEMPLATES) > $@

# tmplc leaves an output alone that would not change: the stamp says when it ran, the outputs when they changed.
$(GEN)/templates.stamp: build/tools/tmplc $(GEN)/templates.list $(addprefix templates/,$(TEMPLATES))
	$(Q)build/tools/tmplc templates $(GEN)/templates $(TEMPLATES)
	@touch $@
TMPL_GEN := $(TEMPLATES:%.html=$(GEN)/templates/%.c) $(GEN)/templates/tmpl_index.c
$(TMPL_GEN) $(GEN)/templates/tmpl_index.h: $(GEN)/templates.stamp ;

$(GEN)/test_templates.stamp: mk/templates.mk build/tools/tmplc $(GEN)/templates.list $(addprefix tests/templates/good/,$(TEST_TEMPLATES))
	$(Q)build/tools/tmplc --prefix ttmpl tests/templates/good $(GEN)/test_templates $(TEST_TEMPLATES)
	@printf '#include "%s"\n' $(TEST_TEMPLATES:%.html=%.c) ttmpl_index.c > $(GEN)/test_templates/ttmpl_all.h
	@touch $@
$(BUILD)/tests/unit/view/test_%: $(GEN)/test_templates.stamp

GENSRC += $(TMPL_GEN)
GENHDR += $(GEN)/templates.stamp $(GEN)/test_templates.stamp
CPPFLAGS += -I$(GEN)/templates -I$(GEN)/test_templates

# Messages: from the templates and from C (view_tr, view_trn, N_) into build/pactwijzer.pot; `make pot` also brings
# locale/*.po up to date (new messages come in untranslated, those that nobody uses any more go).
.PHONY: pot build/pactwijzer.pot
build/pactwijzer.pot: build/tools/tmplc
	@build/tools/tmplc --pot templates $(TEMPLATES) > build/templates.pot
	@find src \( -name '*.c' -o -name '*.def' -o -name '*.h' \) ! -name view.h | LC_ALL=C sort | \
	  xgettext --from-code=UTF-8 --language=C --force-po --keyword --keyword=view_tr:2 --keyword=view_trn:2,3 \
	    --keyword=N_ --keyword=say:2 -o build/source.pot -f -
	@msguniq --force-po -o build/templates.pot build/templates.pot
	@msgcat --force-po --use-first build/templates.pot build/source.pot | msguniq --force-po --sort-by-file -o $@
pot: build/pactwijzer.pot
	@for po in $(LOCALES); do \
	  msgmerge --quiet --update --backup=none --no-fuzzy-matching --sort-by-file $$po $< && \
	  msgattrib --no-obsolete --sort-by-file -o $$po $$po && msgfmt --statistics -o /dev/null $$po || exit 1; done
