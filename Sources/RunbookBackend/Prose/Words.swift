import ReleaseModel

/// Values as people say them.
enum Words {
  /// `15 min`, `1 h 30 min`, `30 s`, `90 days`.
  static func time(_ span: TimeSpan) -> String {
    let day = 86_400_000
    if span.milliseconds == 0 { return "0 min" }
    if span.milliseconds < 1000 || span.milliseconds % 1000 != 0 { return "\(span.milliseconds) ms" }
    if span.milliseconds >= 2 * day, span.milliseconds % day == 0 { return "\(span.milliseconds / day) days" }
    var rest = span.milliseconds / 1000
    var parts: [String] = []
    for (unit, length) in [("h", 3600), ("min", 60), ("s", 1)] where rest >= length {
      parts.append("\(rest / length) \(unit)")
      rest %= length
    }
    return parts.joined(separator: " ")
  }

  /// `1 person`, `2 people`
  static func count(_ number: Int, _ one: String, _ many: String) -> String { "\(number) \(number == 1 ? one : many)" }

  /// `1%`, `400 ms`, `250/s`
  static func quantity(_ quantity: Quantity) -> String {
    switch quantity.unit {
    case .milliseconds, .seconds, .bytes: "\(quantity.number) \(quantity.unit.rawValue)"
    case .percent, .perSecond, .count, .ratio: quantity.description
    }
  }

  /// The text with a full stop, unless it ends like a sentence already.
  static func sentence(_ text: String) -> String {
    text.last.map { ".!?…".contains($0) } == true ? text : text + "."
  }

  static func day(_ day: ChangeWindow.Day) -> String {
    switch day {
    case .mon: "Monday"
    case .tue: "Tuesday"
    case .wed: "Wednesday"
    case .thu: "Thursday"
    case .fri: "Friday"
    case .sat: "Saturday"
    case .sun: "Sunday"
    }
  }

  static func codes(_ texts: [String], _ last: String = "and") -> Prose { texts.map(Prose.code).list(last) }
}

extension ReleasePlan {
  /// What a role is called for people.
  func title(ofRole name: String) -> String { spec.roles[name]?.title ?? name }

  /// Environments with the one that matters most first: what is promoted into last. A hotfix has no rollback of its own: it
  /// is taken back like any release of the environment that it went into.
  var mostImportantFirst: [EnvironmentPlan] { environments.filter { !$0.isHotfix }.reversed() }
}
