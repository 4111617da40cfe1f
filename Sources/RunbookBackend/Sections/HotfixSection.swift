import ReleaseModel
import TextLayout

/// The declared way around: how it is started, what it leaves out, who lets it pass, and what is owed for it afterwards.
enum HotfixSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let ways = plan.environments.filter(\.isHotfix)
    guard let hotfix = plan.spec.hotfix, let last = ways.last else { return [] }
    let path = ways.map { Prose("\($0.name, to: .release($0.name))") }.joined(" → ")
    let windows: Prose =
      hotfix.outsideWindows.map { " Windows and freezes do not hold for it: \(Words.sentence($0))" }
      ?? " Windows and freezes hold for it, too."
    return [
      .heading(.hotfix),
      .prose(
        "For what cannot wait for the usual way. It is a release with gates of its own, from a tag "
          + "\(TriggerWords.patterns(hotfix.tags.map(\.value))): \(path).\(windows)"),
      .prose(
        "Is the last release to blame? \("Take it back", to: .emergency) first: that needs no hotfix, and no approval. "
          + "A hotfix itself is taken back like any release into \(code: last.targetName)."),
      .table(
        ["Environment", "Approved by", "Live before for", "Checked before", "Rollout", "Verified by"],
        ways.map { row($0, plan) }),
    ] + waivers(hotfix) + approvers(ways, plan) + [
      .prose("\(strong: "Start it.") In a checkout of the repository:"), start(ways, last.targetName, Places(plan)),
    ]
      + followUp(plan)
  }

  private static func row(_ way: EnvironmentPlan, _ plan: ReleasePlan) -> [Prose] {
    [
      "\(code: way.name)", approvals(way, plan), soak(way) ?? "–",
      titles(way.preconditions), .text(RolloutWords.short(way)), titles(way.verify),
    ]
  }

  /// `VP Engineering and Tech lead, 2 different people`
  private static func approvals(_ way: EnvironmentPlan, _ plan: ReleasePlan) -> Prose {
    var names: [String] = []
    for approval in way.approvals {
      let name = approval.roles.map(plan.title(ofRole:)).joined(separator: " or ")
      if !names.contains(name) { names.append(name) }
    }
    if names.isEmpty { return "nobody" }
    let people: Prose = way.approvals.count > 1 ? ", \(way.approvals.count) different people" : ""
    return names.map(Prose.text).list() + people
  }

  /// Who can let it pass, so that nobody has to look them up at night.
  private static func approvers(_ ways: [EnvironmentPlan], _ plan: ReleasePlan) -> [Markdown.Block] {
    let asked = Set(ways.flatMap(\.approvals).flatMap(\.roles))
    let lines = plan.spec.roles.readable.filter { asked.contains($0.name.value) }.map { name, role -> Prose in
      let people = Words.codes(role.reviewers.map { "@" + $0.value }, "or")
      let who: Prose = "\(strong: role.title ?? name.value): \(people)."
      return role.duty.map { who + " \(Words.sentence($0))" } ?? who
    }
    return lines.isEmpty
      ? [] : [.prose("Ask these people before you start, for nothing passes without them:"), .bullets(lines)]
  }

  private static func soak(_ way: EnvironmentPlan) -> Prose? {
    for gate in way.gates {
      if case .soaked(let environment, let time) = gate.question { return "\(time) in \(code: environment)" }
    }
    return nil
  }

  private static func titles(_ checks: [NamedCheck]) -> Prose {
    checks.isEmpty ? "–" : checks.map { Prose.text($0.title) }.list()
  }

  private static func waivers(_ hotfix: Hotfix) -> [Markdown.Block] {
    let rows = hotfix.environments.readable.flatMap { name, way in
      way.waives.map { waiver -> [Prose] in
        ["\(code: hotfixEnvironment(name.value))", "\(code: waiver.criterion.value)", .text(waiver.reason)]
      }
    }
    if rows.isEmpty { return [.prose("Nothing of the \("matrix", to: .matrix) is waived for it.")] }
    return [
      .prose("What is waived, and nothing else; the rest of the \("matrix", to: .matrix) holds:"),
      .table(["Environment", "Waived", "Why"], rows),
    ]
  }

  // MARK: - Command by command

  private static func start(_ ways: [EnvironmentPlan], _ target: String, _ places: Places) -> Markdown.Block {
    var steps: [[Markdown.Block]] = [
      [
        .prose("Branch off what is live, make the fix and nothing beside it, and have it reviewed:"),
        .bash([
          places.status(target), "git fetch --tags origin",
          "git switch --create \"hotfix/<name>\" \"<commit-that-is-live>\"",
          "git push --set-upstream origin \"hotfix/<name>\"",
        ]),
      ]
    ]
    for way in ways {
      let workflow = places.workflow(way.name)
      if way.spec.trigger.manual == nil {
        steps.append([
          .prose("Tag it. The tag starts the release into \(code: way.name):"),
          .bash(
            StartSection.tagCommands(way, tag: "<tag>", commit: "HEAD")
              + ["gh run list --workflow=\(workflow) --limit=3"]),
        ])
      } else {
        let soak: Prose = soak(way).map { " and the version has been live for \($0)" } ?? ""
        let upstream = way.upstream ?? "the environment before"
        steps.append([
          .prose("When \(code: upstream) has succeeded\(soak), start \(code: way.name) from the same tag:"),
          .bash(["gh workflow run \(workflow) --ref \"<tag>\"", "gh run list --workflow=\(workflow) --limit=3"]),
        ])
      }
      if !way.approvals.isEmpty {
        steps.append([.prose("Have it approved: \(to: .approvals(way.name)).")])
      }
    }
    steps.append([.prose("Watch it to its end:"), .bash(["gh run watch \"<run-id>\""])])
    return .numberedList(steps)
  }

  // MARK: - Afterwards

  private static func followUp(_ plan: ReleasePlan) -> [Markdown.Block] {
    let lists = plan.spec.checklists.readable.filter {
      if case .afterHotfix = $0.value.moment { return true }
      return false
    }
    if lists.isEmpty { return [] }
    let rows = lists.map { name, list -> [Prose] in
      [
        .text(list.title ?? name.value), "within \(list.moment.time)",
        list.role.map { .text(plan.title(ofRole: $0.value)) } ?? "–", items(list, plan).stacked,
      ]
    }
    return [
      .prose("\(strong: "What is owed afterwards.") Whatever became of it, the run opens an issue for each:"),
      .table(["Duty", "Due", "Whose", "What"], rows),
    ]
  }

  private static func items(_ list: Checklist, _ plan: ReleasePlan) -> [Prose] {
    list.items.map { item in
      switch item {
      case .text(let text): .text(Words.sentence(text))
      case .check(let check): .text((plan.spec.checks[check.value]?.title ?? check.value) + ".")
      }
    }
  }
}
