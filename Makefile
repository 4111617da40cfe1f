# `make` lists what there is. Every target works in a fresh clone and installs what it lacks.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test build lint format generate mutation hooks detection faults kills azure-commands check clean

help: ## List these targets
	@echo "Liftlock: one release.yaml to workflows, rollback scripts and runbooks."
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: ## Compile every example and show what came out, then release one of them for real (two minutes)
	@Tools/install build lab
	@Tools/swift build
	@bash Tools/demo

build: ## Build the command-line tool (.build/debug/liftlock)
	@Tools/install build
	Tools/swift build

test: ## Build, check the form, test the test world, run all tests
	@Tools/install build lab test
	Tools/swift build
	Tools/lint
	python3 Sources/Rehearsal/World/selftest.py
	python3 Tests/LocalCanary/selftest.py
	python3 Tests/RealClients/selftest.py
	.tools/venv/bin/python Tests/PreCommit/selftest.py
	.tools/venv/bin/python Tests/Action/selftest.py
	.tools/venv/bin/python Tests/OutputFormats/selftest.py
	LIFTLOCK_KILLS=40 python3 Tests/Ownership/selftest.py
	Tools/swift test

lint: ## Check the form of Swift, shell and Python files
	@Tools/install test
	Tools/lint

format: ## Bring Swift and shell files into form
	@Tools/install test
	Tools/swift format --in-place --recursive --configuration .swift-format Package.swift Sources Tests
	.tools/venv/bin/shfmt --indent 2 --write Tools/install Tools/swift Tools/demo Tools/lint Tools/check Tools/generate .ci/run Examples/local-canary/demo Examples/local-canary/ops/target.sh

generate: build ## Write Generated/ anew from Examples/, and Schemas/ and Docs/ from the definitions
	Tools/generate

mutation: ## Change the examples at every place, and write Docs/mutation.md: what the rules find of it (ten minutes)
	@Tools/install build test
	LIFTLOCK_MUTATION_ALL=1 LIFTLOCK_MUTATION_REPORT=Docs/mutation.md Tools/swift test --filter SpecMutationTests

hooks: build ## Let pre-commit and the GitHub action build Liftlock from a clone, and use it (ten minutes)
	@Tools/install test
	.tools/venv/bin/python Tests/PreCommit/selftest.py swift
	.tools/venv/bin/python Tests/Action/selftest.py build

detection: build ## Let 20 releases of local-canary turn bad, and show how soon each is found (three minutes)
	@Tools/install lab
	python3 Tests/LocalCanary/detection.py 20

faults: ## Let everything fail at every operation of every example's release, and print how each ends (hours)
	@Tools/install build test
	LIFTLOCK_FAULTS_ALL=1 Tools/swift test --filter "HappyPathTests|FaultMatrixTests|KilledRollbackTests"

kills: build ## Kill generate at 200 random moments, and let disks be full and links lead away (three minutes)
	@Tools/install test
	python3 Tests/Ownership/selftest.py

azure-commands: ## Let the real az read every generated command of it (installs 700 MB; four minutes)
	@Tools/install test azure
	PATH="$$PWD/.tools/azure/bin:$$PATH" python3 Tests/RealClients/selftest.py az

check: test ## All of `test`, and that Generated/ is up to date and accepted by other linters
	Tools/check

clean: ## Remove everything that was built or installed here
	rm -rf .build .tools
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
