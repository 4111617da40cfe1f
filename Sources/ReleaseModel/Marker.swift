/// What a release notes on its target, a field each. One list for everything that reads or writes the marker: the scripts,
/// the drivers' filters and the runbook.
public enum MarkerField: String, Sendable, CaseIterable {
  case state, run, previous, candidate, weight, incident, commit
  /// Why the release rests.
  case reason
  /// Until when it may rest, in seconds since 1970.
  case restUntil = "rest-until"
  /// What is known of the database: `compatible`, `incompatible` (and changed, or about to be), `restoring`, `restored`,
  /// `restore-failed`.
  case schema
  /// The share of the version before in a staged rollback, in percent.
  case stage
  /// Until when the run that takes the version back is believed to be alive, in seconds since 1970. It renews that as it goes.
  case lease
  /// Who holds the release at its weight.
  case hold

  /// The variable that the scripts read it into, such as `MARKER_REST_UNTIL`.
  public var variable: String {
    "MARKER_" + String(rawValue.uppercased().map { $0 == "-" ? "_" : $0 })
  }
}
