import ReleaseModel
import TextLayout

/// The marker on the target, as a person reads and writes it when no script can. The scripts judge by the same fields,
/// so that they can take back a release that was typed by hand.
enum MarkerFields {
  enum State: String, Sendable {
    case deploying
    case rollingOut = "rolling-out"
    case resting
    case verifying
    case rollingBack = "rolling-back"
    case promoted
    case rolledBack = "rolled-back"

    /// Those of a release that neither finished nor was taken back: the scripts refuse to begin on top of it.
    static let unfinished: [State] = [.deploying, .rollingOut, .resting, .verifying, .rollingBack]
  }

  /// What a person puts in for the answer of the check that decides about the schema.
  static let compatibility = "<compatible-or-incompatible>"

  /// The full name of a field, as it stands on the target.
  static func name(_ field: MarkerField, _ operations: TargetOperations) -> String {
    operations.markerPrefix + field.rawValue
  }

  /// The full name of the field that holds the version to go back to.
  static func previous(_ operations: TargetOperations) -> String { name(.previous, operations) }

  /// Prints the marker's fields and nothing else of what the target is tagged with.
  static func read(_ operations: TargetOperations) -> Query {
    let prefix = jqString(operations.markerPrefix)
    return Query(
      operations.readMarker.command,
      "(\(operations.readMarker.filter)) | with_entries(select(.key | startswith(\(prefix))))",
      arguments: operations.readMarker.arguments)
  }

  /// Before anything is touched: what is live, and that a release has begun. Every field that a rollback judges by is
  /// written, for what the release before left there is of another version.
  static func begin(_ operations: TargetOperations, decidesSchema: Bool) -> Command {
    write(
      operations,
      [
        ("state", Word(State.deploying.rawValue)), ("run", "by-hand"), ("previous", Word(.previous)), ("candidate", ""),
        ("weight", "0"), ("incident", ""), ("hold", ""), ("commit", Word(.commit)),
      ] + (decidesSchema ? [("schema", Word(compatibility))] : []))
  }

  static func noteCandidate(_ operations: TargetOperations) -> Command {
    write(operations, [("candidate", Word(.candidate))])
  }

  static func promoted(_ operations: TargetOperations) -> Command {
    write(operations, [("state", Word(State.promoted.rawValue)), ("weight", "100")])
  }

  static func rolledBack(_ operations: TargetOperations) -> Command {
    write(
      operations,
      [
        ("state", Word(State.rolledBack.rawValue)), ("run", "by-hand"), ("previous", Word(.previous)), ("weight", "0"),
      ])
  }

  static func write(_ operations: TargetOperations, _ fields: [(name: String, value: Word)]) -> Command {
    let prefix = operations.markerPrefix
    let words = fields.flatMap { field -> [Word] in
      switch operations.markerWords {
      case .plain: [Word("\(prefix)\(field.name)=") + field.value]
      case .payload: ["--raw-field", Word("payload[\(prefix)\(field.name)]=") + field.value]
      }
    }
    return Command(words: operations.writeMarker.words + words)
  }
}
