# SPDX-License-Identifier: EUPL-1.2
# Handlers live one folder deeper than the rest of src.
SRC += $(wildcard src/web/api/*.c src/web/pages/*.c)
