# SPDX-License-Identifier: Apache-2.0
# The front door only: Meson builds, tools/ does the rest.
#
#   make run          install what is missing, build, live Beijing through its regimes, make a page of it
#   make test         install what is missing, build, run all quick tests
#
# ARGS adds to what `make run` and `make bench` pass on: make run ARGS='--scale 0.01'.
# WERROR=true turns warnings into errors; PREFIX and DESTDIR say where to install.

WERROR = false
STUDY = studies/beijing.yaml
RESULT = beijing.db
REPORT = $(RESULT:.db=.html)

all: build

build:
	@tools/setup run
	@tools/build build

run: build
	build/cli/standing run $(STUDY) -o $(RESULT) $(ARGS)
	build/cli/standing report $(RESULT) -o $(REPORT)

test:
	@tools/setup test
	@tools/test quick -Dwerror=$(WERROR)

test-long:
	@tools/setup test
	@tools/test long -Dwerror=$(WERROR)

bench: build
	@tools/setup bench
	/usr/bin/python3 bench/run --standing build/cli/standing $(ARGS)

install:
	@tools/setup run
	@tools/build build $(if $(PREFIX),-Dprefix=$(PREFIX))
	@tools/meson install -C build --no-rebuild

format:
	@tools/setup format
	git ls-files 'src/*.[ch]' 'cli/*.[ch]' 'tests/*.[ch]' 'bench/*.[ch]' | xargs clang-format -i

clean:
	rm -rf build build-sanitize

.NOTPARALLEL:
.PHONY: all build run test test-long bench install format clean
