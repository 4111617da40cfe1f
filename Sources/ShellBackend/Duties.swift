import ReleaseModel
import TextLayout

/// What people owe after a release, a rollback or a hotfix: one issue for each checklist, with the time by which it is due.
struct Duties {
  let plan: ReleasePlan
  let environment: EnvironmentPlan

  init(_ plan: ReleasePlan, _ environment: EnvironmentPlan) {
    self.plan = plan
    self.environment = environment
  }

  /// What is owed once a version was taken back here.
  var afterRollback: [NamedChecklist] { environment.duties(.rollback) + environment.duties(.hotfix) }

  /// The phase of `rollout.sh` that opens what is owed after this release; `nil`: nothing is.
  var phase: ShellFunction? {
    let release = environment.duties(.release)
    let hotfix = environment.duties(.hotfix)
    guard !(release + hotfix).isEmpty else { return nil }
    return ShellFunction(
      "duties", "success|failure|cancelled: opens an issue for each list of what people owe now.", needs: ["open_duty"],
      body: """
        case ${1:-} in
          success)
            \(release.isEmpty ? ":" : Bash.lines(release.map(call)))
            ;;
          failure | cancelled) ;;
          *)
            usage >&2
            exit 2
            ;;
        esac
        \(Bash.lines(hotfix.map(call)))
        """)
  }

  /// Calls that open what is owed after a rollback.
  var callsAfterRollback: Bash { afterRollback.isEmpty ? .empty : .lines(afterRollback.map(call)) }

  /// Lines of the incident note that name what is owed, each a call of `printf`.
  var linesAfterRollback: Bash {
    guard !afterRollback.isEmpty else { return .empty }
    let lines: [Bash] = afterRollback.map { list in
      """
      printf -- '- [ ] %s, due %s (%s)\\n' \(issueText(list.title)) "$(due_in \(list.checklist.moment.time.seconds))" \(owner(list))
      """
    }
    return """
      printf '\\nOwed now:\\n\\n'
      \(Bash.lines(lines))
      """
  }

  private func call(_ list: NamedChecklist) -> Bash {
    let checklist = list.checklist
    let since: String
    switch checklist.moment {
    case .before, .after: since = "the release"
    case .afterRollback: since = "the rollback"
    case .afterHotfix: since = "the hotfix"
    }
    // As in the release issue: what people are to do may call somebody.
    let items = checklist.items.map { "- [ ] \(ReleaseIssueText.markdown(text($0)))" }.joined(separator: "\n")
    let call: Bash = """
      open_duty \(list.title) \(checklist.moment.time.seconds) \("\(checklist.moment.time) after \(since)") \(owner(list)) \
      \(items)
      """
    return checklist.labels.isEmpty ? call : "\(call) \(words: checklist.labels)"
  }

  private func text(_ item: Checklist.Item) -> String {
    switch item {
    case .text(let text): text
    case .check(let name): plan.spec.checks[name.value]?.title ?? name.value
    }
  }

  /// Such as `Release owner: @acme/owners`, as a part of an issue: the role's people are called, and nobody else is.
  private func owner(_ list: NamedChecklist) -> String {
    guard let name = list.checklist.role?.value, let role = plan.spec.roles[name] else {
      return "everybody who released"
    }
    let people = role.reviewers.map { "@\($0.value)" }.joined(separator: " ")
    let title = issueText(role.title ?? name)
    return people.isEmpty ? title : "\(title): \(people)"
  }
}
