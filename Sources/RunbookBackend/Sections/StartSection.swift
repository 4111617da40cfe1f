import ReleaseModel
import TextLayout

/// What starts a release, and how a person does.
enum StartSection {
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    let workflow = Places(plan).workflow(environment.name)
    let trigger = environment.spec.trigger
    var blocks: [Markdown.Block] = [.heading(.start(environment.name))]
    if let upstream = environment.upstream {
      blocks += [
        .prose("Take a commit that \(code: upstream) has released. The last ones:"),
        .bash([
          "gh run list --workflow=\(Places(plan).workflow(upstream)) \\",
          "  --json conclusion,headSha,headBranch,displayTitle,createdAt \\",
          "  --jq '[.[] | select(.conclusion == \"success\")][:5][]'",
        ]),
      ]
    }
    if let push = trigger.push {
      blocks += [
        .prose("It starts by itself on \(TriggerWords.push(push)). To start it, merge the pull request:"),
        .bash(["gh pr merge \"<number>\""]),
      ]
    }
    if !trigger.tags.isEmpty { blocks += tag(trigger.tags.map(\.value), environment) }
    if let manual = trigger.manual {
      let from: Prose =
        manual.tags.isEmpty ? "a branch or tag" : "a tag \(TriggerWords.patterns(manual.tags.map(\.value)))"
      let reference = manual.tags.isEmpty ? "<branch-or-tag>" : "<tag>"
      blocks += [
        .prose("A person starts it, from \(from):"), .bash(["gh workflow run \(workflow) --ref \"\(reference)\""]),
      ]
    }
    return blocks + [
      .prose("Watch it:"),
      .bash(["gh run list --workflow=\(workflow) --limit=3", "gh run watch \"<run-id>\""]),
      .prose("It failed and the cause is gone? Run it again for the same commit:"),
      .bash(["gh run rerun \"<run-id>\""]),
    ]
  }

  /// Makes a tag and pushes it; a signed one where a gate asks for it.
  static func tagCommands(_ environment: EnvironmentPlan, tag: String, commit: String) -> [String] {
    let isSigned = environment.gates.contains { gate in
      if case .check(let check) = gate.question, case .signedTag = check.check.kind { return true }
      return false
    }
    return [
      "git tag \(isSigned ? "--sign" : "--annotate") --message \"<what-is-in-it>\" \"\(tag)\" \"\(commit)\"",
      "git push origin \"\(tag)\"",
    ]
  }

  private static func tag(_ patterns: [TagPattern], _ environment: EnvironmentPlan) -> [Markdown.Block] {
    return [
      .prose("It starts by itself on a pushed tag \(TriggerWords.patterns(patterns)). To start it, push one:"),
      .bash(tagCommands(environment, tag: "<tag>", commit: "<commit>")),
      .prose(
        "Push one tag at a time: GitHub starts nothing for more than three at once, nor for a tag that a workflow "
          + "pushed."
      ),
    ]
  }
}
