import Foundation
import Rehearsal

// What the tests share with the rehearsal: the values of scenarios, and how programs end.
typealias JSON = Rehearsal.JSON
typealias Outcome = Rehearsal.Outcome

/// Runs programs of the machine, and reads what they leave.
enum Program {
  /// A file's text, whatever bytes are in it.
  static func text(of file: URL) throws -> String { try Machine.text(of: file.path) }
}
