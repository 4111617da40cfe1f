import TextLayout

/// Functions that every generated script can use; a script gets those that it needs.
///
/// Their text is fixed when Liftlock is compiled: nothing of a spec can get into it.
enum ShellLibrary {
  static let functions: [String: ShellFunction] = {
    let all =
      speaking + portable + calling + operating + numbers + stateFiles + markerFunctions + leasing + measuring + probing
      + judging
      + holding + gitHub + commitGates + peopleGates + recordGates + calendar + evidence + setup + notifying
      + owing + incidents + upkeep + examining
    var table: [String: ShellFunction] = [:]
    for function in all { table[function.name.text] = function }
    return table
  }()
}
