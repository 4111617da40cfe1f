import Diagnostics
import ReleaseModel

enum PromotionBypassRule: Rule {
  static let name = "promotion-bypass"
  static let severity = Severity.error
  static let summary = "No push reaches an environment around the promotion that guards it."
  static let rationale = """
    An environment that comes after another must only get what that one has proved. A push to a branch starts a \
    release with a commit that no environment has seen yet, and one ref that starts two environments at once lets the \
    later one begin while the earlier one is still finding out. Both have put untested versions in front of customers, \
    with a matrix in the repository that said otherwise. The same is true of a hotfix: a tag that is also one of the \
    usual way takes the short cut with every release.
    """
  static let failingExample = ExampleSpec.with(
    (
      "on: { push: { branches: [main] } }", "on: { push: { branches: [main] }, tag: \"v*\" }"
    ),
    ("on: { tag: \"v*\" }", "on: { tag: «\"v[0-9]+.[0-9]+\"» }"))
  static let passingExample = ExampleSpec.with(
    (
      "on: { push: { branches: [main] } }", "on: { push: { branches: [main] }, tag: \"v*-rc.*\" }"
    ),
    ("on: { tag: \"v*\" }", "on: { tag: \"v[0-9]+.[0-9]+\" }"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    var branches: [Starter] = []
    var tags: [Starter] = []
    for (name, environment) in context.spec.environments.readable {
      if let push = environment.trigger.push {
        if environment.after == nil {
          compare(Starter(environment: name, patterns: push.branches), with: &branches, "branch", report: report)
        } else if let after = environment.after, after.value != name.value {
          // One that comes after itself has another problem.
          report(startedByPush(name, push, after: after))
        }
      }
      let patterns = environment.trigger.tags.map { $0.map(\.filter) }
      if !patterns.isEmpty {
        let starter = Starter(environment: name, patterns: patterns)
        let isReported = compare(starter, with: &tags, "tag", report: report)
        if !isReported, environment.hotfixOf != nil { compareWithReleases(starter, context, report: report) }
      }
    }
  }

  /// What a person starts from a tag is a release as well, and must not be a hotfix by its tag.
  private static func compareWithReleases(_ hotfix: Starter, _ context: RuleContext, report: (Diagnostic) -> Void) {
    for (name, environment) in context.spec.environments.readable where environment.hotfixOf == nil {
      let patterns = (environment.trigger.manual?.tags ?? []).map { $0.map(\.filter) }
      let release = Starter(environment: name, patterns: patterns)
      switch RefFilter.overlap(release.filter, hotfix.filter) {
      case .none: continue
      case .ref(let ref): report(releaseAsHotfix(hotfix, release, ref))
      case .undecided: report(releaseAsHotfix(hotfix, release, nil))
      }
      return
    }
  }

  /// The refs that start one environment.
  private struct Starter {
    let environment: Located<String>
    let patterns: [Located<String>]
    let filter: RefFilter

    init(environment: Located<String>, patterns: [Located<String>]) {
      self.environment = environment
      self.patterns = patterns
      filter = RefFilter(patterns.map(\.value))
    }

    /// The pattern that lets a ref through, to point at.
    func place(of ref: String?) -> Span {
      let decider = ref.flatMap { filter.decider(of: $0) } ?? 0
      return patterns.indices.contains(decider) ? patterns[decider].span : environment.span
    }
  }

  /// Reports the first of the earlier environments that the same ref starts as well, and whether there is one.
  @discardableResult
  private static func compare(
    _ starter: Starter, with earlier: inout [Starter], _ kind: String, report: (Diagnostic) -> Void
  ) -> Bool {
    defer { earlier.append(starter) }
    for other in earlier {
      switch RefFilter.overlap(other.filter, starter.filter) {
      case .none: continue
      case .ref(let ref): report(sharedRef(starter, other, kind, ref))
      case .undecided: report(sharedRef(starter, other, kind, nil))
      }
      return true
    }
    return false
  }
}

extension PromotionBypassRule {
  private static func startedByPush(
    _ name: Located<String>, _ push: Trigger.Push, after: Located<String>
  ) -> Diagnostic {
    problem(
      "a push to a branch starts \(name.value), around its promotion from \(after.value)", at: push.span,
      label: "starts a release with a commit that \(after.value) has not proved",
      related: [.init(span: after.span, label: "what enters \(name.value) must have proved itself in \(after.value)")],
      notes: ["when the push arrives, no environment has run this commit yet, so there is nothing to promote"],
      help: [
        "start it with a tag, `on: { tag: \"v*\" }`, or by a person, `on: { manual: true }`",
        "or, if nothing is promoted into \(name.value), take out `after: \(after.value)`",
      ])
  }

  private static func releaseAsHotfix(_ hotfix: Starter, _ release: Starter, _ ref: String?) -> Diagnostic {
    problem(
      ref.map { "pushing the tag `\($0)` of a usual release starts \(hotfix.environment.value)" }
        ?? "pushing the tag of a usual release may start \(hotfix.environment.value)",
      at: hotfix.place(of: ref),
      label: ref.map { "lets `\($0)` through" }
        ?? "too intricate to tell apart from the patterns of \(release.environment.value)",
      related: [
        .init(span: release.place(of: ref), label: "a release into \(release.environment.value) has such a tag")
      ],
      notes: ["every release would take the short cut of a hotfix, around what the matrix asks of it"],
      help: [
        "give hotfixes tags of their own, such as `\"hotfix-v*\"`",
        "or let the patterns of the releases leave them out, such as `[\"v*\", \"!v*-hotfix*\"]`",
      ])
  }

  private static func sharedRef(_ later: Starter, _ earlier: Starter, _ kind: String, _ ref: String?) -> Diagnostic {
    let names = (earlier.environment.value, later.environment.value)
    return problem(
      ref.map { "pushing the \(kind) `\($0)` starts \(names.0) and \(names.1) at once" }
        ?? "pushing one \(kind) may start \(names.0) and \(names.1) at once",
      at: later.place(of: ref),
      label: ref.map { "lets `\($0)` through" } ?? "too intricate to tell apart from the patterns of \(names.0)",
      related: [.init(span: earlier.place(of: ref), label: "starts \(names.0) with the same \(kind)")],
      notes: ["\(names.1) would start while \(names.0) has not yet found out whether the version is good"],
      help: [
        kind == "tag"
          ? "let the patterns exclude each other, such as `\"v*-rc.*\"` here and `[\"v*\", \"!v*-*\"]` there"
          : "start one of them from another branch, or with a tag",
        "or let a person start the later one: `on: { manual: true }`",
      ])
  }
}
