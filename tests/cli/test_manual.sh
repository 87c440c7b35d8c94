#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# test_manual.sh PAGE... - mandoc finds nothing wrong with the manual pages, and
# there is text in them.
set -eu
command -v mandoc >/dev/null || exit 77
for page in "$@"; do
    mandoc -T lint -W warning "$page"
    mandoc -T utf8 "$page" | grep -q 'EXIT STATUS' || { echo "$page: no EXIT STATUS"; exit 1; }
done
