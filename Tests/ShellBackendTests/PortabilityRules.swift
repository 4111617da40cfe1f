import Foundation

/// A construct that bash 3.2, or a tool of macOS, does not have or understands otherwise.
struct PortabilityRule: Sendable, CustomStringConvertible {
  enum Place: Sendable {
    /// Code without quoted text.
    case code
    /// Code with what is in quotes; only for patterns that no text of a spec resembles.
    case source
    /// Text in `$'…'`.
    case ansi
    /// A program of awk.
    case awk
    /// Found by the reader itself.
    case reader
  }

  let name: String
  let place: Place
  let pattern: String
  /// A line that has to be refused.
  let bad: String
  /// A line that looks similar and is right.
  let good: String
  var description: String { name }

  init(_ name: String, _ place: Place = .code, _ pattern: String = "", bad: String, good: String) {
    self.name = name
    self.place = place
    self.pattern = pattern
    self.bad = bad
    self.good = good
  }

  static let all = newerBash + olderBash + tools

  private static let declaring = #"\b(?:declare|local|typeset)\s+"#
  /// Where a command begins, also behind the functions that take one.
  private static let command =
    #"(?:^|[;&|(!]|(?<!\$)\{|\b(?:then|do|else|if|elif|while|until|exec|remote|change|limited \S+|within_time \S+)\s)\s*"#
    + #"(?:[A-Z_]+=\S*\s+)*"#

  private static let newerBash: [PortabilityRule] = [
    .init("associative array", .code, declaring + "-[a-zA-Z]*A", bad: "declare -A table", good: "local -a list"),
    .init("name reference", .code, declaring + "-[a-zA-Z]*n", bad: "local -n value=name", good: "local value"),
    .init("attributes g, l, u", .code, declaring + "-[a-zA-Z]*[glu]", bad: "declare -g x=1", good: "declare -i x=1"),
    .init("mapfile", .code, #"\b(?:mapfile|readarray)\b"#, bad: "mapfile -t lines <file", good: "say 'mapfile'"),
    .init(
      "change of case", .code, #"\$\{!?\w+(?:\[[^\]]*\])?(?:\^|,)"#, bad: "x=${name,,}", good: "x=${name:-a,b}"),
    .init(
      "transformation", .code, #"\$\{!?[\w@*]+(?:\[[^\]]*\])?@[A-Za-z]\}"#, bad: "printf '%s' \"${*@Q}\"",
      good: "printf '%s' \"${name%@*}\""),
    .init(
      "newer variable", .code, #"\b(?:EPOCHSECONDS|EPOCHREALTIME|BASHPID|SRANDOM|BASH_ARGV0)\b"#,
      bad: "started=${EPOCHSECONDS}", good: "started=$(date +%s)"),
    .init(
      "printf of a time", .source, #"printf\s[^\n]*%\([^)\n]*\)T"#, bad: "printf '%(%s)T' -1", good: "printf '%s' T"),
    .init(
      "-v and -R tests", .code, #"(?:\[\[?|\btest|&&|\|\|)\s+(?:!\s+)?-[vR]\s"#, bad: "[[ -v name ]]",
      good: "command -v jq"),
    .init("|& and &>>", .code, #"\|&|&>>"#, bad: "make &>>log", good: "make >>log 2>&1"),
    .init("falling through", .code, #";;?&"#, bad: "a) say a ;;&", good: "a) say a ;;"),
    .init("coproc", .code, #"\bcoproc\b"#, bad: "coproc cat", good: "say coprocess"),
    .init("wait with options", .code, #"(?<![-\w])wait\s+-"#, bad: "wait -n", good: "wait"),
    .init("negative index", .code, #"\w\[-\d"#, bad: "last=${list[-1]}", good: "last=${list[0]}"),
    .init(
      "negative length", .code, #"\$\{[\w@*]+:[^-=?+}:][^}:]*:\s*-"#, bad: "x=${name:0:-1}", good: "x=${name:0:1}"),
    .init(
      "descriptor in a variable", .code, #"(?<!\$)\{[A-Za-z_]\w*\}[<>]"#, bad: "exec {log}>file", good: "exec 3>file"),
    .init(
      "newer options of read", .code, #"\bread\s[^;|&\n]*(?:-[a-z]*[Ni]\b|-t\s*\d*\.\d)"#, bad: "read -t 0.5 x",
      good: "read -r -t 5 x"),
    .init(
      "newer shopt", .code,
      #"\bshopt\s[^;|&\n]*\b(?:globstar|lastpipe|inherit_errexit|localvar_inherit|patsub_replacement)\b"#,
      bad: "shopt -s lastpipe", good: "shopt -s nullglob"),
    .init("printf into an element", .code, #"\bprintf\s+-v\s+\w+\["#, bad: "printf -v a[0] x", good: "printf -v a x"),
    .init("steps in braces", .code, #"\{\w+\.\.\w+\.\.-?\w+\}"#, bad: "for i in {1..9..2}", good: "for i in {1..9}"),
    .init("\\u in $'…'", .ansi, #"\\[uU]"#, bad: #"x=$'\u00e9'"#, good: #"x=$'\303\251'"#),
  ]

  /// What bash 3.2 has and does differently.
  private static let olderBash: [PortabilityRule] = [
    .init(
      "list that may be empty", .reader, bad: #"call "${list[@]}""#, good: #"call ${list[@]+"${list[@]}"}"#),
    .init(
      "list in a declaration", .code, #"\b(?:local|declare|readonly|export|typeset)\b[^\n;]*=\((?!\))"#,
      bad: "readonly -a LIST=(a b)", good: "local -a list=()"),
    .init(
      "quotes in a regular expression", .code, #"=~\s+[^\s]*["'\\]"#, bad: #"[[ ${x} =~ ^a\.b$ ]]"#,
      good: "[[ ${x} =~ ^a[.]b$ ]]"),
    .init("backticks", .reader, bad: "x=`date`", good: "say '`'"),
    .init("case in a substitution", .reader, bad: "x=$(case $1 in a) id ;; esac)", good: "case $(id) in a) id ;; esac"),
    .init(
      "quotes in a comment of a substitution", .reader, bad: "x=$(\n# it's so\nid)", good: "x=$(\n# it is so\nid)"),
    .init(
      "quotes in a quoted replacement", .reader, bad: #"say "${x//|/\\|}""#, good: #"y=${x//|/\\|}"#),
    .init("here-document", .reader, bad: "cat <<END\nit's\nEND", good: "cat <<<'END'"),
    .init("sourcing a substitution", .code, #"(?:\bsource|^\s*\.)\s+<\("#, bad: "source <(id)", good: "source ./file"),
    .init(
      "counting that can fail", .code, #"^\s*\(\((?:\+\+|--)?\w+(?:\+\+|--)?\)\)\s*$"#, bad: "((count++))",
      good: "count=$((count + 1))"),
  ]

  private static let tools: [PortabilityRule] = [
    .init(
      "tool that macOS lacks", .code,
      command
        + #"(?:timeout|gtimeout|realpath|tac|nproc|shuf|flock|setsid|stdbuf|md5sum|sha1sum|sha256sum|numfmt|truncate|gawk|gsed|getopt)\b"#,
      bad: "x=$(timeout 5 id)", good: "limited 5 id"),
    .init(
      "long option of a basic tool", .code,
      #"\b(?:cp|mv|rm|ln|ls|mkdir|touch|sort|cut|tr|head|tail|wc|du|df|stat|chmod|basename|dirname|tee|uniq|xargs|find|sed|awk|base64|date|mktemp|readlink|paste|comm|cat|env)\s+(?:-\S+\s+)*--[a-z]"#,
      bad: "mkdir --parents a", good: "mkdir -p a"),
    .init("options of date", .code, #"\bdate\s+(?:-u\s+)?-[^u\s]"#, bad: "date -u -d @5 +%s", good: "date -u +%s"),
    .init("formats of date", .code, #"\bdate\b[^;|)\n]*\+\S*%(?:[NPqk:^_]|-)"#, bad: "date +%s%N", good: "date +%s"),
    .init("options of sed", .code, #"\bsed\b[^;|\n]*\s-[a-zA-Z]*[irzs]"#, bad: "sed -i 's/a/b/' f", good: "sed -n p f"),
    .init("grep -P", .code, #"\bgrep\b[^;|\n]*\s-[a-zA-Z]*P"#, bad: "grep -oP 'a' f", good: "grep -q PASS f"),
    .init(
      "mktemp without a template", .source, #"\$\((?:umask \d+ && )?mktemp(?![^)\n]*XXXXXX)"#, bad: "x=$(mktemp)",
      good: #"x=$(mktemp "${TMPDIR:-/tmp}/x.XXXXXX")"#),
    .init("options of mktemp", .code, #"\bmktemp\s+-[^d\s]"#, bad: "mktemp -t x.XXXXXX", good: "mktemp -d x.XXXXXX"),
    .init("readlink -f", .code, #"\breadlink\s+-"#, bad: "readlink -f x", good: "readlink x"),
    .init("options of xargs", .code, #"\bxargs\b[^;|\n]*\s-[a-zA-Z0]*[rd]"#, bad: "xargs -r id", good: "xargs -n 1 id"),
    .init("options of sort", .code, #"\bsort\b[^;|\n]*\s-[a-zA-Z]*[Vhz]"#, bad: "sort -V f", good: "sort -u f"),
    .init("options of base64", .code, #"\bbase64\s+-[wdD]"#, bad: "base64 -w 0", good: "base64 <f"),
    .init("options of stat", .code, #"\bstat\s+-"#, bad: "stat -c %s f", good: "remote az containerapp show"),
    .init("head up to the end", .code, #"\bhead\s+-[nc]\s*-"#, bad: "head -n -1 f", good: "head -n 1 f"),
    .init(
      "tests of find", .code, #"\bfind\b[^;|\n]*\s-(?:printf|regextype|executable)"#, bad: "find . -printf x",
      good: "find . -name x"),
    .init("echo with options", .code, command + #"echo\s+-[neE]"#, bad: "echo -e 'a'", good: "printf 'a'"),
    .init(
      "sleep in parts or units", .code, #"\bsleep\s+(?:\d*[.]\d|\d+[smhd]|infinity)"#, bad: "sleep 0.5",
      good: "sleep 5"),
    .init(
      "functions of gawk", .awk,
      #"\b(?:gensub|strftime|systime|mktime|asorti?|strtonum|patsplit|PROCINFO|FPAT|IGNORECASE|BEGINFILE)\b"#,
      bad: "awk 'BEGIN { print systime() }'", good: "jq -n 'now | strftime(\"%s\")'"),
  ]
}
