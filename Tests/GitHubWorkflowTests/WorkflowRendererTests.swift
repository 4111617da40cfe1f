import GitHubWorkflow
import Testing

@Suite struct WorkflowRendererTests {
  @Test func aReleaseWorkflowIsLaidOutLikeThis() {
    #expect(WorkflowRenderer.render(sampleWorkflow) == expectedSample)
  }

  private func rendered(if condition: Expression) -> Substring? {
    WorkflowRenderer.render(workflow(job("a", if: condition))).split(separator: "\n").first { $0.hasPrefix("    if:") }
  }

  @Test func conditionsStandBareUnlessYAMLOrGitHubWouldMisreadThem() {
    #expect(rendered(if: .always) == "    if: always()")
    #expect(rendered(if: !.cancelled) == "    if: ${{ !cancelled() }}")
    #expect(rendered(if: .always && !.cancelled) == "    if: always() && !cancelled()")
    #expect(rendered(if: .variable("A").equals("${{ x")) == "    if: ${{ vars.A == '${{ x' }}")
    #expect(rendered(if: .variable("A").equals("a: b #c")) == "    if: \"vars.A == 'a: b #c'\"")
    // In a block GitHub would take the condition for text, which is always true.
    #expect(rendered(if: .variable("A").equals("a\nb")) == #"    if: "vars.A == 'a\nb'""#)
  }

  @Test func textFromElsewhereCannotBecomeAnExpression() {
    let text = "${{ secrets.TOKEN }}"
    let hostile = Workflow(
      name: "x", triggers: [.push()], env: ["A": text],
      jobs: [
        Job(
          id: "a", name: text, environment: .init(name: Template(text: text)), runsOn: [text], timeoutMinutes: 5,
          env: ["B": .text(text)],
          steps: [
            Step(name: text, .run(RunScript(text: "# \(text)\necho\n")), env: ["C": .text(text)]),
            Step(name: "u", .uses(checkout, with: ["d": .text(text)])),
          ])
      ], headerComment: [])
    let escaped = "${{ '${{' }}"
    let rest = WorkflowRenderer.render(hostile).split(separator: escaped, omittingEmptySubsequences: false)
    #expect(rest.count == 10)
    #expect(rest.allSatisfy { !$0.contains("${{") })
  }

  @Test func scriptsAreOneLineWhereYAMLNeedsNoQuotes() {
    func lines(_ script: String) -> [Substring] {
      let text = WorkflowRenderer.render(workflow(job("a", steps: [Step(name: "s", .run(RunScript(text: script)))])))
      return Array(text.split(separator: "\n").drop { !$0.contains("run:") || $0.hasSuffix("run:") })
    }
    #expect(lines("ops/shift.sh prod\n") == ["        run: ops/shift.sh prod"])
    #expect(lines("echo \"a: b\"") == ["        run: |", "          echo \"a: b\""])
    #expect(lines("a\nb") == ["        run: |", "          a", "          b"])
  }

  @Test func emptyTriggersAndPermissionsAreSpelledOut() {
    let text = WorkflowRenderer.render(
      Workflow(
        name: "x",
        triggers: [
          .push(), .pullRequest(types: ["opened"], branches: ["main", "**"], paths: ["a/**"]),
          .pullRequestReview(types: ["submitted"]), .issueComment(), .workflowDispatch(),
        ], jobs: [job("a")]))
    #expect(
      text.hasPrefix(
        """
        name: x

        on:
          push: {}
          pull_request:
            types: [opened]
            branches: [main, '**']
            paths: [a/**]
          pull_request_review:
            types: [submitted]
          issue_comment: {}
          workflow_dispatch: {}

        permissions: {}

        """))
  }
}

private let expectedSample = """
  # Generated from release.yaml.
  # Edit that file, not this one.

  name: Release payments to prod
  run-name: Release payments ${{ inputs.version }} to prod

  on:
    push:
      tags: [payments-v*]
    workflow_dispatch:
      inputs:
        version:
          description: "What to release: the image's tag"
          type: string
          required: true
        pace:
          description: How fast
          type: choice
          options:
            - normal
            - slow
          required: false
          default: normal
        dry_run:
          description: Change nothing
          type: boolean
          required: false
          default: false
        target:
          description: Where to
          type: environment
          required: false
          default: prod
    schedule:
      - cron: 30 5 * * 1

  permissions: {}

  defaults:
    run:
      shell: bash

  concurrency:
    group: payments-prod
    cancel-in-progress: false

  env:
    SERVICE: payments
    VERBOSE: 'yes'

  jobs:
    rollout:
      name: Roll out to prod
      if: github.ref_type == 'tag' || success()
      environment:
        name: prod
        url: https://payments.example.com/${{ inputs.version }}
      runs-on: ubuntu-24.04
      timeout-minutes: 90
      permissions:
        contents: read
        id-token: write # log in to the cloud without a password
      outputs:
        weight: ${{ steps.shift.outputs.weight }}
      env:
        VERSION: ${{ inputs.version }}
      steps:
        - name: Check out
          uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
          with:
            persist-credentials: 'false'

        - name: Shift 5 % of traffic
          id: shift
          timeout-minutes: 10
          env:
            TOKEN: ${{ secrets.TOKEN }}
            RUN: ${{ github.run_id }}-${{ github.run_attempt }}
          run: ops/shift.sh prod

        - name: Tell what happened
          if: ${{ !cancelled() && steps.shift.outcome != 'skipped' }}
          continue-on-error: true
          run: |
            echo "Shifted: ${VERSION}"
            echo 'done' >>"${GITHUB_STEP_SUMMARY}"

        - name: Roll back
          if: failure() || cancelled()
          timeout-minutes: 10
          env:
            TOKEN: ${{ secrets.TOKEN }}
          run: ops/rollback.sh

        - name: Keep evidence
          if: always()
          uses: actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0
          with:
            name: prod-${{ github.run_attempt }}
            path: evidence/

    guard:
      name: Guard prod
      needs: [rollout]
      if: always() && needs.rollout.result != 'success' && needs.rollout.result != 'skipped'
      environment:
        name: prod-rollback
        deployment: false
      runs-on: ubuntu-24.04
      timeout-minutes: 30
      concurrency:
        group: guard-${{ github.ref_name }}
        cancel-in-progress: false
      steps:
        - name: Roll back what is left
          timeout-minutes: 20
          env:
            WEIGHT: ${{ needs.rollout.outputs.weight }}
          run: ops/rollback.sh

  """
