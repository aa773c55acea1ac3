# SPDX-License-Identifier: EUPL-1.2
# The generator of labelled synthetic pacts; it takes goals and regions from the pact inside the program.
build: build/tools/generate-pact
build/tools/generate-pact: tools/generate-pact.c build/libpactwijzer.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< build/libpactwijzer.a $(PKG_LIBS) $(LIBS)
