import ReleaseModel
import TextLayout

/// The marker on the target, as a person reads and writes it when no script can. The scripts judge by the same fields,
/// so that they can take back a release that was typed by hand.
enum MarkerFields {
  enum State: String, Sendable {
    case deploying
    case promoted
    case rolledBack = "rolled-back"
  }

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

  /// Before anything is touched: what is live, and that a release has begun.
  static func begin(_ operations: TargetOperations) -> Command {
    write(
      operations,
      [
        ("state", Word(State.deploying.rawValue)), ("run", "by-hand"), ("previous", Word(.previous)), ("candidate", ""),
        ("weight", "0"), ("incident", ""),
      ])
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
