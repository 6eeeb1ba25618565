# Everything is in make.py; `python3 make.py run` does the same where make is missing.
PYTHON ?= python3

.PHONY: run test bench torture setup lock
run test bench torture setup lock:
	@exec $(PYTHON) make.py $@ $(ARGS)
