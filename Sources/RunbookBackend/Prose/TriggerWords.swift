import ReleaseModel

/// What starts a release, as people say it.
enum TriggerWords {
  static func short(_ trigger: Trigger) -> Prose {
    var ways: [Prose] = []
    if let push = trigger.push { ways.append(self.push(push)) }
    if !trigger.tags.isEmpty { ways.append("a pushed tag \(patterns(trigger.tags.map(\.value)))") }
    if let manual = trigger.manual {
      ways.append(
        manual.tags.isEmpty ? "a person" : "a person, from a tag \(patterns(manual.tags.map(\.value)))")
    }
    return ways.list("or")
  }

  static func push(_ push: Trigger.Push) -> Prose {
    let branches: Prose = "a push to \(Words.codes(push.branches.map(\.value), "or"))"
    return push.paths.isEmpty ? branches : branches + " that touches \(Words.codes(push.paths, "or"))"
  }

  static func patterns(_ tags: [TagPattern]) -> Prose { Words.codes(tags.map(\.filter), "or") }

  /// Where a release comes from when no environment is before it: the left half of a matrix column.
  static func origin(_ trigger: Trigger) -> String {
    if trigger.push != nil { return "merge" }
    return trigger.tags.isEmpty ? "by hand" : "tag"
  }
}
