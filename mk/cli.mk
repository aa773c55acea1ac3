# SPDX-License-Identifier: EUPL-1.2
# The manual page is written by the program itself, from its table of commands.
build: $(BUILD)/pactwijzer.1
$(BUILD)/pactwijzer.1: $(BUILD)/pactwijzer
	$(Q)$< help --man > $@
