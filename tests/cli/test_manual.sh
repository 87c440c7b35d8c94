#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# test_manual.sh PAGE... - mandoc finds nothing wrong with the manual pages, and
# there is text in them. They carry the version instead of a date, so that the
# same sources make the same pages.
set -eu
command -v mandoc >/dev/null || exit 77
for page in "$@"; do
    if mandoc -T lint -W warning "$page" | grep -v 'missing date'; then
        exit 1
    fi
    mandoc -T html "$page" | grep -q 'id="EXIT_STATUS"' || { echo "$page: no EXIT STATUS"; exit 1; }
done
